/** What is muted, as it is shown (J3). */
import type { Mutes, ShownMute } from '#app/api/schemas/mutes.ts'
import { currencyOf } from '#app/process/clients.ts'
import { server } from '#app/process/process.ts'
import { type MuteNow, mutesNow } from '#db/mappings/mutes.ts'
import { isStanding } from '#lib/billing/lasting-points.ts'
import { lastingTexts } from '#lib/inbox/sentences.ts'

/** @param tenantIds left out: of all customers */
export async function shownMutes(
  organisationId: string,
  program: string,
  tenantIds: readonly string[] | null = null,
): Promise<Mutes> {
  const [found, currency] = await Promise.all([
    mutesNow(server().db, organisationId, program, new Date(), tenantIds),
    currencyOf(organisationId),
  ])
  return { mutes: found.filter(({ muting }) => muting === 'muted').map(shownMute), currency }
}

export const shownMute = (mute: MuteNow): ShownMute => ({
  id: mute.id,
  tenant: { id: mute.tenantId, name: mute.customer },
  cause: mute.cause,
  says: lastingTexts[mute.cause].one,
  money: { amount: mute.amount, per: isStanding(mute.cause) ? 'month' : 'once' },
  reason: mute.reason,
  until: mute.until,
  untilNextInvoice: mute.untilInvoiceAfter !== null,
  mutedBy: mute.mutedBy,
  mutedAt: mute.mutedAt.toISOString(),
})

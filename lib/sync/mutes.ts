/** Mutes that hold no more (J3): noted with why, so that one whose cause comes back with the same amount is news. */
import type { Database } from '#db/client.ts'
import { endMute, type MuteNow, mutesNow } from '#db/mappings/mutes.ts'
import { audit } from '#db/people/audit.ts'
import type { Muting } from '#lib/billing/mute.ts'
import type { SyncContext } from './context.ts'

const actions = {
  cleared: 'mute-cleared',
  expired: 'mute-expired',
  returned: 'mute-returned',
} as const satisfies Record<Exclude<Muting, 'muted'>, string>

type Settling = Pick<SyncContext, 'organisationId' | 'program' | 'now'>

/** Once the agreement of these customers was synced: what was found is stored, so whatever ends a mute is known. */
export const settleMutes = async (
  db: Database,
  ctx: Settling,
  tenantIds: readonly string[],
): Promise<void> => {
  if (tenantIds.length === 0) return
  const { organisationId, program, now } = ctx
  for (const mute of await mutesNow(db, organisationId, program.slug, now(), tenantIds))
    if (mute.muting !== 'muted') await end(db, organisationId, mute, mute.muting, now())
}

/** With each look: those whose time is over. Whether a cause is gone only a sync can tell. */
export const settleExpired = async (
  db: Database,
  { organisationId, program, now }: Settling,
): Promise<void> => {
  for (const mute of await mutesNow(db, organisationId, program.slug, now()))
    if (mute.muting === 'expired') await end(db, organisationId, mute, mute.muting, now())
}

const end = async (
  db: Database,
  organisationId: string,
  { id, tenantId, cause, amount, amountNow, reason, mutedBy }: MuteNow,
  as: Exclude<Muting, 'muted'>,
  at: Date,
): Promise<void> => {
  if ((await endMute(db, organisationId, id, as, at)) === null) return
  const detail = { cause, reason, mutedBy, before: { amount }, after: { amount: amountNow } }
  await audit(db, organisationId, { actor: 'Scheduled', action: actions[as], subject: tenantId, detail })
}

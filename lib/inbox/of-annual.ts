/** What annual invoices charge and nobody bills: their customers have no One-Time agreement that syncs (J9). */
import { mappingsOfTenants } from '#db/mappings/mappings.ts'
import { type OneTimeMapping, oneTimeMappingsOfTenants } from '#db/mappings/one-time.ts'
import { type AnnualCharge, annualCharges } from '#db/prism/annual-charges.ts'
import { programSettings } from '#db/prism/programs.ts'
import { tenantsByIds } from '#db/prism/tenants.ts'
import { isDue } from '#lib/billing/annual/annual-situation.ts'
import { decimal, money, sum } from '#lib/billing/decimal.ts'
import { shortDay } from '#lib/billing/format.ts'
import type { InboxItem, ItemAction } from './item.ts'
import { mapOneTime, switchOneTimeOn } from './one-time-actions.ts'
import { groupOf, type InboxContext, moneyOf, nobody, smallSource } from './source.ts'

const kind = 'annual-waits'
const remedies = {
  none: 'Choose the One-Time agreement of the customer: the next look bills it there.',
  off: 'Switch the Sync of its One-Time agreement on: the next look bills it there.',
  unmapped: 'Map the customer to its company first, then choose its One-Time agreement on its page.',
} as const

/** They are of an agreement that is not there yet: where one is asked for, none is meant. */
export const annual = smallSource([kind], async (ctx, { agreementIds }) => {
  const { db, organisationId, program } = ctx
  const settings = await programSettings(db, organisationId, program)
  const annualTermsAtOnce = settings?.annualTermsAtOnce ?? null
  if (annualTermsAtOnce === null || agreementIds !== null) return []
  const found = (await annualCharges(db, organisationId, program, null)).filter(
    (each) => each.syncs !== true && isDue(each, { options: { annualTermsAtOnce } }),
  )
  if (found.length === 0) return []
  const ids = [...new Set(found.map(({ tenantId }) => tenantId))]
  const [monthly, oneTime] = [
    await mappingsOfTenants(db, organisationId, program, ids),
    await oneTimeMappingsOfTenants(db, organisationId, program, ids),
  ]
  const placeOf = new Map(monthly.map((each) => [each.tenantId, each]))
  const oneTimeOf = new Map(oneTime.map((each) => [each.tenantId, each]))
  const group = groupOf(ctx, {
    kind,
    cause: kind,
    count: found.length,
    customers: new Set(found.map(({ tenantId }) => tenantId)).size,
    amount: money(sum(found.map(({ price }) => decimal(price)))),
    since: new Date(Math.min(...found.map(({ since }) => since.getTime()))),
    remedy: remedies.none,
  })
  const items = async () => {
    const names = new Map(
      (await tenantsByIds(db, organisationId, program, ids)).map((each) => [
        each.id,
        each.name || each.domain,
      ]),
    )
    return found.map((each) =>
      toItem(ctx, each, {
        name: names.get(each.tenantId) ?? each.tenantId,
        company: placeOf.get(each.tenantId) ?? null,
        oneTime: oneTimeOf.get(each.tenantId) ?? null,
      }),
    )
  }
  return [{ group, items }]
})

interface Whose {
  readonly name: string
  /** Where it is mapped by the month. */
  readonly company: { readonly companyId: number; readonly companyName: string } | null
  readonly oneTime: OneTimeMapping | null
}

function toItem(
  { program }: InboxContext,
  { tenantId, invoiceId, issuedOn, price, since }: AnnualCharge,
  { name, company, oneTime }: Whose,
): InboxItem {
  const place = oneTime ?? company
  const actions: ItemAction[] =
    oneTime !== null
      ? [switchOneTimeOn(program, oneTime)]
      : company === null
        ? []
        : [mapOneTime(program, { tenantId, companyId: company.companyId })]
  return {
    kind,
    cause: kind,
    key: `annual/${invoiceId}/${tenantId}`,
    program,
    of: {
      ...nobody,
      tenant: { id: tenantId, name },
      company: place === null ? null : { id: place.companyId, name: place.companyName },
      agreement: oneTime === null ? null : { id: oneTime.agreementId, name: oneTime.agreementName },
      invoiceId,
    },
    months: null,
    money: moneyOf(kind, price),
    since,
    says:
      oneTime === null
        ? `Annual invoice ${invoiceId} charges ${name}, and no One-Time agreement carries it`
        : `Annual invoice ${invoiceId} charges ${name}, and the Sync of its One-Time agreement is off`,
    detail: `PRISM issued it on ${shortDay(issuedOn)}.`,
    remedy: oneTime !== null ? remedies.off : company === null ? remedies.unmapped : remedies.none,
    actions,
    asked: null,
    compared: null,
  }
}

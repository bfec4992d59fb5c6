/** Months of a customer that a person passes over: never billed here until that is taken back, and named with their amounts. */
import type { Database } from '#db/client.ts'
import type { Mapping } from '#db/mappings/mappings.ts'
import { putPeriodStates, type StatedSubscription } from '#db/mappings/period-states.ts'
import { audit } from '#db/people/audit.ts'
import { usage } from '#db/prism/invoice-lines.ts'
import type { Invoice } from '#db/prism/invoices.ts'
import { amount, pair, sumPairs } from '#lib/billing/decimal.ts'
import { subscriptionKey } from '#lib/billing/keys.ts'
import type { Amount, Period } from '#lib/billing/types.ts'

export interface PassedMonth {
  readonly period: Period
  /** What was invoiced in it of what was passed over. */
  readonly amount: Amount
}

export interface MonthToPass {
  readonly invoice: Pick<Invoice, 'id' | 'period'>
  readonly subscriptions: readonly StatedSubscription[]
}

/** Passes over the months, oldest first. Gives each with its amount. */
export async function passOver(
  tx: Database,
  { organisationId, program, actor }: { organisationId: string; program: string; actor: string },
  { tenantId, agreementId }: Pick<Mapping, 'tenantId' | 'agreementId'>,
  months: readonly MonthToPass[],
): Promise<PassedMonth[]> {
  const passed: PassedMonth[] = []
  for (const { invoice, subscriptions } of months.filter((each) => each.subscriptions.length > 0)) {
    const { id: invoiceId, period } = invoice
    const stated = { agreementId, period, invoiceId, state: 'skipped', by: actor } as const
    await putPeriodStates(tx, organisationId, program, stated, subscriptions)
    const { lines } = await usage(tx, organisationId, program, invoice, [tenantId])
    const ids = new Set(subscriptions.map((each) => each.subscriptionId))
    const own = lines.filter((line) => ids.has(subscriptionKey(line.subscriptionId)))
    passed.push({ period, amount: amount(sumPairs(own.map(pair))) })
  }
  const detail = { months: passed.map(({ period, amount: { cost, price } }) => ({ period, cost, price })) }
  if (passed.length > 0)
    await audit(tx, organisationId, { actor, action: 'pass-over-months', subject: tenantId, detail })
  return passed
}

/** The price rules of an agreement's customers (J11), and which of them took hold by a month. */
import { priceRulesFor, type Taken, takenOn } from '#db/mappings/price-rules.ts'
import { hold, isCounted } from '#lib/billing/additions.ts'
import { subscriptionKey } from '#lib/billing/keys.ts'
import { rulesFor, takenWith } from '#lib/billing/price-rules.ts'
import { windowOf } from '#lib/billing/timeline.ts'
import type { PriceRule, Situation } from '#lib/billing/types.ts'
import type { PeriodOutcome } from '#lib/ledger/outcome.ts'
import type { SyncContext } from './context.ts'
import { isGood } from './held-back.ts'

/** Nothing where there is no rule. */
export const readPriceRules = async (
  { db, organisationId, program }: Pick<SyncContext, 'db' | 'organisationId' | 'program'>,
  agreementId: number,
  tenantIds: readonly string[],
): Promise<Pick<Situation, 'priceRules' | 'rulesTaken'>> => {
  const stored = await priceRulesFor(db, organisationId, program.slug, tenantIds)
  if (stored.length === 0) return {}
  const taken = stored.some(({ from }) => from !== null)
    ? await takenOn(db, organisationId, program.slug, [agreementId])
    : []
  return { priceRules: stored.map(toPlan), rulesTaken: takenBySubscription(taken) }
}

const toPlan = ({ id, tenantId, sku, from, terms }: PriceRule): PriceRule => ({
  id,
  tenantId,
  sku,
  from,
  terms,
})

export const takenBySubscription = (taken: readonly Taken[]): NonNullable<Situation['rulesTaken']> =>
  Object.fromEntries(
    [...Map.groupBy(taken, ({ subscriptionId }) => subscriptionId)].map(([id, all]) => [
      id,
      all.map(({ ruleId }) => ruleId),
    ]),
  )

type TakenFrom = Pick<Situation, 'agreement' | 'additions' | 'owned' | 'priceRules' | 'rulesTaken'>

/** Of subscriptions of which nothing is left to be sent, the rules whose month what runs on has reached. */
export const takenIn = (
  { period, subscriptions }: PeriodOutcome,
  { agreement, additions, owned, priceRules = [], rulesTaken = {} }: TakenFrom,
): Taken[] => {
  if (priceRules.every(({ from }) => from === null)) return []
  const window = windowOf(agreement, period)
  const lotsOf = new Map(owned.map((each) => [each.additionId, each]))
  const held = Map.groupBy(
    additions.map((each) => hold(each, agreement, lotsOf.get(each.id))).filter(isCounted),
    ({ addition }) => subscriptionKey(addition?.serialNumber ?? ''),
  )
  const rows = Map.groupBy(
    subscriptions.filter(({ kind }) => kind === 'subscription'),
    (row) => subscriptionKey(row.subscriptionId),
  )
  return [...rows].flatMap(([subscriptionId, all]) => {
    if (!all.every((row) => isGood(row) && row.waits === undefined && row.begins !== 'elsewhere')) return []
    const known = rulesTaken[subscriptionId] ?? []
    const ids = all.flatMap((row) => {
      const rules = rulesFor(priceRules, row.tenantId, row.product.sku)
      return takenWith({ rules, taken: known }, held.get(subscriptionId) ?? [], window)
    })
    return [...new Set(ids)]
      .filter((id) => !known.includes(id))
      .map((ruleId) => ({ agreementId: agreement.id, subscriptionId, ruleId }))
  })
}

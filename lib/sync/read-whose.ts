/** Whose the subscriptions of an agreement's additions and lines are, where no line of the plan says it. */
import { mappingsOfTenants } from '#db/mappings/mappings.ts'
import { atOnceFrom } from '#db/prism/at-once-from.ts'
import { latestLines, linesElsewhere } from '#db/prism/invoice-lines.ts'
import { lastDay } from '#lib/billing/days.ts'
import { type SubscriptionKey, subscriptionKey } from '#lib/billing/keys.ts'
import { tellsMore } from '#lib/billing/standing.ts'
import type { InvoiceLine, Situation, UnreadableAddition, Usage } from '#lib/billing/types.ts'
import type { SyncContext } from './context.ts'

/** Of an addition, also of one that cannot be read, what it names. */
export type Naming = Pick<UnreadableAddition, 'catalogItemId' | 'serialNumber'>

/** What is known of subscriptions that are on no line here: their latest line, and where their lines are counted instead. */
export const readWhose = async (
  ctx: SyncContext,
  tenantIds: readonly string[],
  { usages, subscriptions }: Pick<Situation, 'usages' | 'subscriptions'>,
  additions: readonly Naming[],
): Promise<Pick<Situation, 'latest' | 'usages' | 'atOnceFrom'>> => {
  const { db, organisationId } = ctx
  const program = ctx.program.slug
  const ids = distinct([...subscriptions.map((each) => subscriptionKey(each.id)), ...serialsOf(additions)])
  const [first] = usages
  const atOnce = await atOnceFrom(db, organisationId, program, tenantIds, ctx.options.annualTermsAtOnce)
  const carried = Object.keys(atOnce) as SubscriptionKey[]
  const latest = first
    ? await latestLines(db, organisationId, program, ids, lastDay(first.period), carried)
    : []
  const elsewhere: Usage[] = []
  for (const usage of usages) {
    const found = await linesElsewhere(db, organisationId, program, usage.invoiceId, ids, tenantIds)
    const tenants = distinct(found.flatMap((each) => each.tenantIds.filter((id) => id !== null)))
    const synced = new Set(
      (await mappingsOfTenants(db, organisationId, program, tenants))
        .filter(
          ({ syncEnabled, firstPeriod }) => syncEnabled && (firstPeriod ?? usage.period) <= usage.period,
        )
        .map((each) => each.tenantId),
    )
    const whereOf = (owners: readonly (string | null)[]) =>
      owners.every((id) => id !== null && synced.has(id)) ? ('mapped' as const) : ('aside' as const)
    const lines = found.map((each) => ({
      subscriptionId: each.subscriptionId,
      where: whereOf(each.tenantIds),
    }))
    elsewhere.push(lines.length === 0 ? usage : { ...usage, elsewhere: lines })
  }
  const known: Record<SubscriptionKey, InvoiceLine> = {}
  for (const line of latest) {
    const id = subscriptionKey(line.subscriptionId)
    if (tellsMore(line, known[id], ctx.options.annualTermsMonthly)) known[id] = line
  }
  const atOnceOrNone = carried.length === 0 ? {} : { atOnceFrom: atOnce }
  return { latest: known, usages: elsewhere, ...atOnceOrNone }
}

export const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)]

export const serialsOf = (additions: readonly Naming[]): SubscriptionKey[] =>
  additions.map((each) => subscriptionKey(each.serialNumber ?? '')).filter((serial) => serial !== '')

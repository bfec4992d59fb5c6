/** Whose the subscriptions of an agreement's additions and lines are, where no line of the plan says it. */
import { mappingsOfTenants } from '#db/mappings/mappings.ts'
import { atOnceFrom } from '#db/prism/at-once-from.ts'
import { latestLines, linesElsewhere } from '#db/prism/invoice-lines.ts'
import { lastDay } from '#lib/billing/days.ts'
import { type SubscriptionKey, subscriptionKey } from '#lib/billing/keys.ts'
import { tellsMore } from '#lib/billing/standing.ts'
import type { InvoiceLine, Situation, UnreadableAddition, Usage } from '#lib/billing/types.ts'
import { answeredIds } from './answers.ts'
import type { SyncContext } from './context.ts'

type Whose = Pick<Situation, 'latest' | 'usages' | 'atOnceFrom'>
type Foreign = Pick<Situation, 'foreignSubscriptionIds' | 'movedSubscriptionIds'>

/** Of an addition, also of one that cannot be read, what it names. */
export type Naming = Pick<UnreadableAddition, 'catalogItemId' | 'serialNumber'>

const idsAbout = (subscriptions: Situation['subscriptions'], additions: readonly Naming[]) =>
  distinct([...subscriptions.map((each) => subscriptionKey(each.id)), ...serialsOf(additions)])

const isSame = (some: readonly string[], others: readonly string[]): boolean => {
  const [a, b] = [new Set(some), new Set(others)]
  return a.size === b.size && [...a].every((each) => b.has(each))
}

/** What the additions and answers of an earlier round named. */
const namedIn = (earlier: Situation): Naming[] => [
  ...earlier.additions,
  ...(earlier.unreadableAdditions ?? []),
  ...answeredIds(earlier),
]

/** What was read in an earlier round of the month, where the same subscriptions are asked about. */
export const knownWhose = (
  earlier: Situation | undefined,
  { subscriptions }: Pick<Situation, 'subscriptions'>,
  named: readonly Naming[],
): Promise<Whose> | null => {
  if (earlier === undefined) return null
  const before = idsAbout(earlier.subscriptions, namedIn(earlier))
  if (!isSame(before, idsAbout(subscriptions, named))) return null
  const { latest = {}, usages, atOnceFrom } = earlier
  return Promise.resolve({ latest, usages, ...(atOnceFrom === undefined ? {} : { atOnceFrom }) })
}

/** The same of whose else the additions' subscriptions are. */
export const knownForeign = (
  earlier: Situation | undefined,
  named: readonly Naming[],
): Promise<Foreign> | null => {
  if (earlier === undefined || !isSame(serialsOf(namedIn(earlier)), serialsOf(named))) return null
  const { foreignSubscriptionIds, movedSubscriptionIds = [] } = earlier
  return Promise.resolve({ foreignSubscriptionIds, movedSubscriptionIds })
}

/** What is known of subscriptions that are on no line here: their latest line, and where their lines are counted instead. */
export const readWhose = async (
  ctx: SyncContext,
  tenantIds: readonly string[],
  { usages, subscriptions }: Pick<Situation, 'usages' | 'subscriptions'>,
  additions: readonly Naming[],
): Promise<Whose> => {
  const { db, organisationId } = ctx
  const program = ctx.program.slug
  const ids = idsAbout(subscriptions, additions)
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

/** The inbox of a program (J1): its groups, the most pressing first, and the items of one. See `item.ts` for what it is. */
import { decimal } from '#lib/billing/decimal.ts'
import { type InboxGroup, type InboxItem, type InboxKind, inboxKinds } from './item.ts'
import { annual } from './of-annual.ts'
import { invoices, openLines } from './of-invoices.ts'
import { lasting } from './of-lasting.ts'
import { left, missed, parked, skipped } from './of-months.ts'
import { outlooks } from './of-outlooks.ts'
import { points } from './of-points.ts'
import { contractAgreement, people, products } from './of-settings.ts'
import {
  decided,
  type GroupFound,
  type InboxContext,
  type InboxFilter,
  type PartOf,
  type Source,
} from './source.ts'

export const sources: readonly Source[] = [
  contractAgreement,
  invoices,
  points,
  outlooks,
  openLines,
  lasting,
  annual,
  missed,
  parked,
  products,
  people,
  left,
  skipped,
]

export interface InboxQuery extends InboxFilter {
  /** `null`: of every kind. */
  readonly kind: InboxKind | null
  /** Kinds that are not for who asks. */
  readonly without?: readonly InboxKind[]
}

/** Groups of a page, and the first items of each. */
const GROUPS_A_PAGE = 20
const ITEMS_SHOWN = 3
/** Items of a page of one group. */
const ITEMS_A_PAGE = 50

export interface InboxPage {
  readonly groups: readonly InboxGroup[]
  /** Groups of all pages; where one cause is asked for, items of it. */
  readonly total: number
  readonly pageSize: number
  /** How many items wait in all; what is decided is not counted. */
  readonly waiting: number
}

/** @param page from 1. @param waiting what `waitingGroups` has found for the same query */
export async function inboxPage(
  ctx: InboxContext,
  query: InboxQuery,
  page: number,
  waiting = waitingGroups(ctx, query),
): Promise<InboxPage> {
  const found = await withDecided(ctx, query, waiting)
  const shown = found.slice((page - 1) * GROUPS_A_PAGE, page * GROUPS_A_PAGE)
  const items = await itemsOf(ctx, query, shown, { limit: ITEMS_SHOWN, offset: 0 })
  return {
    groups: shown.map(({ source: _, ...group }) => ({
      ...group,
      items: items.filter(({ kind, cause }) => kind === group.kind && cause === group.cause),
    })),
    total: found.length,
    pageSize: GROUPS_A_PAGE,
    waiting: waitingIn(found),
  }
}

/** One group with a page of its items; none where nothing of it waits. @param page from 1 */
export async function inboxOfCause(
  ctx: InboxContext,
  query: InboxQuery,
  cause: string,
  page: number,
): Promise<InboxPage> {
  const all = await withDecided(ctx, query, waitingGroups(ctx, query))
  const shared = { pageSize: ITEMS_A_PAGE, waiting: waitingIn(all) }
  const found = all.find((each) => each.cause === cause)
  if (found === undefined) return { ...shared, groups: [], total: 0 }
  const part = { limit: ITEMS_A_PAGE, offset: (page - 1) * ITEMS_A_PAGE }
  const items = await itemsOf(ctx, query, [found], part)
  const { source: _, ...group } = found
  return { ...shared, groups: [{ ...group, items }], total: group.count }
}

/** Groups of what waits; what a person has decided is not read for it. */
export const waitingGroups = (ctx: InboxContext, query: InboxQuery): Promise<readonly Found[]> =>
  foundBy(ctx, { ...query, without: [...(query.without ?? []), ...decided] })

async function withDecided(
  ctx: InboxContext,
  query: InboxQuery,
  waiting: Promise<readonly Found[]>,
): Promise<Found[]> {
  const others = inboxKinds.filter((kind) => !decided.includes(kind))
  const without = [...(query.without ?? []), ...others]
  const [before, after] = await Promise.all([waiting, foundBy(ctx, { ...query, without })])
  return [...before, ...after]
}

/** How many items wait for a person. */
export const waitingIn = (groups: readonly GroupFound[]): number =>
  groups.reduce((all, { count, isDecided }) => all + (isDecided ? 0 : count), 0)

/** A group, and where its items come from. */
type Found = GroupFound & { readonly source: Source }

async function foundBy(ctx: InboxContext, { kind, without = [], ...filter }: InboxQuery): Promise<Found[]> {
  const asked = sources.filter(
    ({ kinds }) => (kind === null || kinds.includes(kind)) && kinds.some((each) => !without.includes(each)),
  )
  const found = await Promise.all(
    asked.map(async (source) =>
      (await source.groups(ctx, filter)).map((group): Found => ({ ...group, source })),
    ),
  )
  const met = new Set<string>()
  return found
    .flat()
    .filter((group) => (kind === null || group.kind === kind) && !without.includes(group.kind))
    .filter(({ cause }) => !met.has(cause) && met.add(cause))
    .sort(morePressing)
}

/** Nobody knows how much these are about, and it may be everything. */
const ofUnknownMoney: readonly InboxKind[] = [
  'contract-agreement',
  'invoice-held',
  'invoice-unread',
  'failed',
]
const rank = ({ kind, isDecided, money }: GroupFound): number => {
  if (isDecided) return 3
  if (money !== null) return 1
  return ofUnknownMoney.includes(kind) ? 0 : 2
}

const morePressing = (a: Found, b: Found): number => {
  const byRank = rank(a) - rank(b)
  if (byRank !== 0) return byRank
  const [one, other] = [decimal(a.money?.amount ?? '0'), decimal(b.money?.amount ?? '0')]
  return one.eq(other) ? (a.cause < b.cause ? -1 : 1) : one.lt(other) ? 1 : -1
}

async function itemsOf(
  ctx: InboxContext,
  filter: InboxFilter,
  groups: readonly Found[],
  part: PartOf,
): Promise<InboxItem[]> {
  const bySource = Map.groupBy(groups, ({ source }) => source)
  const found = await Promise.all(
    [...bySource].map(([source, of]) =>
      source.items(
        ctx,
        filter,
        of.map(({ cause }) => cause),
        part,
      ),
    ),
  )
  return found.flat()
}

/** What waits for a person as a table to keep, item by item (J1). */
import type { Inbox, InboxListQuery, ShownGroup, ShownItem } from '#app/api/schemas/inbox.ts'
import type { Principal } from '#lib/auth/actions.ts'
import { monthName, unitPriceText } from '#lib/billing/format.ts'
import { shownInbox } from './inbox.ts'

type Lines = AsyncGenerator<readonly string[]>

const columns = [
  'Cause',
  'Customer',
  'Company',
  'Agreement',
  'Product',
  'Subscription',
  'Months',
  'Amount',
  'Of',
  'Since',
  'What is wrong',
  'Detail',
  'What to do',
  'If nothing is done',
  'Decided already',
] as const

/** Throws `not-found` where there is no such program. */
export async function inboxLines(principal: Principal, query: InboxListQuery): Promise<Lines> {
  const first = await shownInbox(principal, { ...query, page: 1 })
  return linesOf(principal, query, first)
}

async function* linesOf(principal: Principal, query: InboxListQuery, first: Inbox): Lines {
  yield columns
  for (let page = 1; page <= pagesOf(first); page += 1) {
    const { groups } = page === 1 ? first : await shownInbox(principal, { ...query, page })
    for (const group of groups)
      for await (const item of itemsOf(principal, query, group)) yield lineOf(group, item)
  }
}

/** A page of the list has the first items of each cause. */
async function* itemsOf(
  principal: Principal,
  query: InboxListQuery,
  group: ShownGroup,
): AsyncGenerator<ShownItem> {
  if (group.items.length >= group.count) return yield* group.items
  const asked = { ...query, kind: group.kind, cause: group.cause }
  for (let page = 1, pages = 1; page <= pages; page += 1) {
    const found = await shownInbox(principal, { ...asked, page })
    pages = pagesOf(found)
    yield* found.groups.flatMap(({ items }) => items)
  }
}

const pagesOf = ({ total, pageSize }: Inbox): number => Math.ceil(total / pageSize)

const lineOf = (group: ShownGroup, item: ShownItem): string[] => {
  const { of, months, money } = item
  const { from, to } = months ?? { from: null, to: null }
  return [
    group.says,
    of.tenant?.name ?? of.named ?? of.person?.email ?? '',
    of.company?.name ?? '',
    of.agreement?.name ?? '',
    of.subscription?.product ?? '',
    of.subscription?.id ?? '',
    from === null || to === null
      ? ''
      : from === to
        ? monthName(from)
        : `${monthName(from)} to ${monthName(to)}`,
    money === null ? '' : unitPriceText(money.amount),
    money === null ? '' : money.per === 'month' ? 'each month' : 'once',
    item.since,
    item.says,
    item.detail,
    item.remedy,
    group.ifNothing,
    group.isDecided ? 'yes' : '',
  ]
}

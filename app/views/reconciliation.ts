/** Two months compared: of the whole file by customer or product, or of one of them by subscription (J5). */
import type {
  ReconciledRow,
  ReconciliationContent,
  ReconciliationListQuery,
} from '#app/api/schemas/reconciliation.ts'
import { currencyOf } from '#app/process/clients.ts'
import { server } from '#app/process/process.ts'
import { billedOfCustomers, type ComparedSum, comparedSums, linesOfProducts } from '#db/months/comparisons.ts'
import { monthsWithInvoice } from '#db/months/months.ts'
import { usage } from '#db/prism/invoice-lines.ts'
import { tenantsByIds } from '#db/prism/tenants.ts'
import { ProductError } from '#lib/base/errors.ts'
import {
  addPair,
  amount,
  decimal,
  money,
  pair,
  subtractPair,
  sum,
  sumPairs,
  zeroPair,
} from '#lib/billing/decimal.ts'
import { monthName } from '#lib/billing/format.ts'
import { subscriptionKey } from '#lib/billing/keys.ts'
import { productName } from '#lib/billing/products.ts'
import type { Amount, InvoiceLine, Money, Period } from '#lib/billing/types.ts'
import {
  type Comparison,
  compareLines,
  type MonthLines,
  type Part,
  unreadablePart,
} from '#lib/proof/compare.ts'
import { storiesOf } from '#lib/proof/compare-stories.ts'
import { partText } from '#lib/proof/compare-words.ts'

const PAGE_SIZE = 50

interface Side {
  readonly period: Period
  readonly invoiceId: string
}

/** What is compared, of whom. */
interface Pairing {
  readonly organisationId: string
  readonly program: string
  readonly earlier: Side
  readonly later: Side
}

/** @param page `null`: all rows, for a file. Throws `not-found` where a month has no invoice that can be used, or there is no other one. */
export async function reconciliation(
  organisationId: string,
  program: string,
  period: Period,
  query: ReconciliationListQuery,
  page: number | null,
): Promise<ReconciliationContent> {
  const { db } = server()
  const months = await monthsWithInvoice(db, organisationId, program)
  const of = pairingOf(organisationId, program, months, period, query.against)
  const { customer, product, by } = query
  const part = page === null ? null : { limit: PAGE_SIZE, offset: (page - 1) * PAGE_SIZE }
  const found =
    customer !== '' || product !== ''
      ? await bySubscription(of, { customer, product, search: query.search })
      : await bySums(of, query, part)
  const rows =
    found.isWhole && part !== null ? found.rows.slice(part.offset, part.offset + part.limit) : found.rows
  const [tenant] = customer === '' ? [] : await tenantsByIds(db, organisationId, program, [customer])
  const difference = subtractPair(pair(found.total.later), pair(found.total.earlier))
  return {
    earlier: of.earlier.period,
    later: of.later.period,
    months: months.map((each) => each.period),
    currency: await currencyOf(organisationId),
    by,
    customer: customer === '' ? null : { id: customer, name: tenant?.name || tenant?.domain || customer },
    product: product === '' ? null : product,
    total: { ...found.total, difference: amount(difference) },
    rows,
    page: page ?? 1,
    pageSize: PAGE_SIZE,
    count: found.count,
  }
}

/** The months in the order in which they come, whichever was asked for. */
function pairingOf(
  organisationId: string,
  program: string,
  months: readonly Side[],
  period: Period,
  against: Period | undefined,
): Pairing {
  const find = (wanted: Period): Side => {
    const found = months.find((each) => each.period === wanted)
    if (found === undefined)
      throw new ProductError('not-found', `No invoice for ${monthName(wanted)} usage can be used yet.`)
    return found
  }
  const one = find(period)
  const other =
    against === undefined
      ? (months.find((each) => each.period < period) ?? months.findLast((each) => each.period > period))
      : find(against)
  if (other === undefined || other.period === one.period)
    throw new ProductError('not-found', `There is no other month to compare ${monthName(period)} with.`)
  const [earlier, later] = one.period < other.period ? [one, other] : [other, one]
  return { organisationId, program, earlier, later }
}

interface Found {
  readonly rows: ReconciledRow[]
  readonly count: number
  readonly total: { readonly earlier: Amount; readonly later: Amount }
  /** All rows are there, not a page of them. */
  readonly isWhole: boolean
}

/** Lines of both months by what they are compared by. */
interface Group {
  readonly tenantId: string
  readonly subscriptionId: string
  readonly product: string
  readonly earlier: MonthLines
  readonly later: MonthLines
  readonly comparison: Comparison
}

async function bySubscription(
  of: Pairing,
  { customer, product, search }: { customer: string; product: string; search: string },
): Promise<Found> {
  const { db } = server()
  const { organisationId, program, later } = of
  const groups =
    customer === '' ? await groupsOfProducts(of, [product]) : await groupsOfCustomers(of, [customer], product)
  const tenantIds = [...new Set(groups.map(({ tenantId }) => tenantId))].filter(Boolean)
  const [tenants, billed] = await Promise.all([
    tenantsByIds(db, organisationId, program, tenantIds),
    billedOfCustomers(db, organisationId, program, later.period, tenantIds),
  ])
  const names = new Map(tenants.map(({ id, name, domain }) => [id, name || domain]))
  const billedOf = new Map(
    billed.map((each) => [`${each.tenantId}/${each.subscriptionId}`, each.billed.price]),
  )
  const shares = Map.groupBy(groups, keyOf)
  const rows = storiesOf(groups)
    .map((story): ReconciledRow => {
      const [first] = story
      if (first === undefined) throw new Error('A story has a row')
      const { tenantId } = first
      const isWhole = story.every((each) => shares.get(keyOf(each))?.every((one) => story.includes(one)))
      return {
        ...rowOf(story, of),
        key: `${keyOf(first)}/${first.product}`,
        tenantId,
        customer: names.get(tenantId) ?? '',
        product: chainOf(story.map(({ product: each }) => each)),
        subscriptionId: chainOf(story.map(({ subscriptionId }) => subscriptionId)),
        // Of a subscription with several products nothing tells which of them an addition is for.
        billed: isWhole ? sumOfBilled(new Set(story.map(keyOf)), billedOf) : null,
      }
    })
    .filter((row) =>
      [row.customer, row.product, row.subscriptionId].some((text) =>
        text.toLowerCase().includes(search.toLowerCase()),
      ),
    )
    .sort(byDifference)
  const [earlier, after] = [
    sumPairs(rows.map((row) => pair(row.earlier))),
    sumPairs(rows.map((row) => pair(row.later))),
  ]
  return {
    rows,
    count: rows.length,
    total: { earlier: amount(earlier), later: amount(after) },
    isWhole: true,
  }
}

const keyOf = ({ tenantId, subscriptionId }: Group): string => `${tenantId}/${subscriptionId}`

/** What a story goes on from and as: `Basic → Premium`. */
const chainOf = (names: readonly string[]): string => [...new Set(names)].join(' → ')

/** `null`: of none of them anything is known. */
const sumOfBilled = (keys: ReadonlySet<string>, billedOf: ReadonlyMap<string, Money>): Money | null => {
  const known = [...keys].flatMap((key) => billedOf.get(key) ?? [])
  return known.length === 0 ? null : money(sum(known.map(decimal)))
}

const byDifference = (a: ReconciledRow, b: ReconciledRow): number => {
  const [one, other] = [pair(a.difference).price.abs(), pair(b.difference).price.abs()]
  return one.eq(other)
    ? `${a.customer}/${a.product}` < `${b.customer}/${b.product}`
      ? -1
      : 1
    : one.lt(other)
      ? 1
      : -1
}

async function bySums(
  of: Pairing,
  { by, search }: Pick<ReconciliationListQuery, 'by' | 'search'>,
  part: { readonly limit: number; readonly offset: number } | null,
): Promise<Found> {
  const { db } = server()
  const { organisationId, program, later } = of
  const invoices = { earlier: of.earlier.invoiceId, later: later.invoiceId }
  const asked = { by, search, ...(part ?? { limit: null, offset: 0 }) }
  const { sums, total, count } = await comparedSums(db, organisationId, program, invoices, asked)
  const keys = sums.map(({ key }) => key).filter(Boolean)
  const groups = by === 'customer' ? await groupsOfCustomers(of, keys, '') : await groupsOfProducts(of, keys)
  const byKey = Map.groupBy(groups, ({ tenantId, product }) => (by === 'customer' ? tenantId : product))
  const billed =
    by === 'customer' ? await billedOfCustomers(db, organisationId, program, later.period, keys) : []
  const billedOf = Map.groupBy(billed, ({ tenantId }) => tenantId)
  const rows = sums.map((each): ReconciledRow => {
    const own = billedOf.get(each.key)
    return {
      ...sumRow(each, byKey.get(each.key) ?? [], of),
      tenantId: by === 'customer' ? each.key : '',
      customer: by === 'customer' ? each.name || 'Lines of no customer' : '',
      product: by === 'product' ? each.name || 'Lines that name no product' : '',
      billed: own === undefined ? null : money(sumPairs(own.map((one) => pair(one.billed))).price),
    }
  })
  return { rows, count, total, isWhole: false }
}

/** The file's sums; what lines that are in no comparison make of them is a part of its own. */
function sumRow(compared: ComparedSum, groups: readonly Group[], of: Pairing): ReconciledRow {
  const row = rowOf(groups, of)
  const [earlier, later] = [pair(compared.earlier), pair(compared.later)]
  const difference = subtractPair(later, earlier)
  const left = subtractPair(difference, pair(row.difference))
  const rest = unreadablePart(left).map((part) => shownPart(part, of))
  return {
    ...row,
    key: compared.key,
    earlier: compared.earlier,
    later: compared.later,
    difference: amount(difference),
    margin: money(later.price.minus(later.cost)),
    parts: [...row.parts, ...rest],
  }
}

/** Parts of several subscriptions by what they say: with more than one, by reason. */
function rowOf(groups: readonly Group[], of: Pairing): Omit<ReconciledRow, 'key'> {
  const comparisons = groups.map(({ comparison }) => comparison)
  const before = comparisons.map((each) => each.before).reduce(addPair, zeroPair)
  const after = comparisons.map((each) => each.after).reduce(addPair, zeroPair)
  const parts = groups.flatMap(({ product, comparison }) =>
    comparison.parts.map((part) => {
      const told = shownPart(part, of)
      return groups.length === 1 ? told : { ...told, text: `${product}: ${told.text}` }
    }),
  )
  return {
    tenantId: '',
    customer: '',
    product: '',
    subscriptionId: '',
    earlier: amount(before),
    later: amount(after),
    difference: amount(subtractPair(after, before)),
    margin: money(after.price.minus(after.cost)),
    billed: null,
    parts,
  }
}

const shownPart = (part: Part, { earlier, later }: Pairing): ReconciledRow['parts'][number] => ({
  reason: part.reason,
  from: part.from,
  text: partText(part, earlier.period, later.period),
  amount: amount(part.amount),
})

async function groupsOfCustomers(
  of: Pairing,
  tenantIds: readonly string[],
  product: string,
): Promise<Group[]> {
  const linesOf = async ({ invoiceId, period }: Side): Promise<InvoiceLine[]> => {
    const { db } = server()
    const found = await usage(db, of.organisationId, of.program, { id: invoiceId, period }, tenantIds)
    const here = new Set(tenantIds)
    return found.lines.filter(
      ({ tenantId, offerName }) =>
        here.has(tenantId) && (product === '' || productName(offerName) === productName(product)),
    )
  }
  return grouped(of, await linesOf(of.earlier), await linesOf(of.later))
}

async function groupsOfProducts(of: Pairing, products: readonly string[]): Promise<Group[]> {
  const linesOf = ({ invoiceId }: Side) =>
    linesOfProducts(server().db, of.organisationId, of.program, invoiceId, products)
  return grouped(of, await linesOf(of.earlier), await linesOf(of.later))
}

function grouped(of: Pairing, before: readonly InvoiceLine[], after: readonly InvoiceLine[]): Group[] {
  const keyOf = ({ tenantId, subscriptionId, offerName }: InvoiceLine): string =>
    [tenantId, subscriptionKey(subscriptionId), productName(offerName)].join('\n')
  const [earlier, later] = [Map.groupBy(before, keyOf), Map.groupBy(after, keyOf)]
  return [...new Set([...earlier.keys(), ...later.keys()])].map((key) => {
    const [tenantId = '', subscriptionId = '', product = ''] = key.split('\n')
    const months = {
      earlier: { period: of.earlier.period, lines: earlier.get(key) ?? [] },
      later: { period: of.later.period, lines: later.get(key) ?? [] },
    }
    const comparison = compareLines(months.earlier, months.later)
    return { tenantId, subscriptionId, product, ...months, comparison }
  })
}

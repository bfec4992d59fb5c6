/** What is wrong with customers, each in a line: the cause, its amount and since when. */
import type { Customer } from '#app/api/schemas/customers.ts'
import { server } from '#app/process/process.ts'
import { type LastingSum, lastingSums } from '#db/mappings/lasting-points.ts'
import { mutedPairs } from '#db/mappings/mutes.ts'
import { outlooksOf } from '#db/mappings/outlooks.ts'
import { type PointSummary, pointSummaries } from '#db/mappings/point-summaries.ts'
import { missedCustomers } from '#db/mappings/unbilled-months.ts'
import { invoicedOf } from '#db/prism/invoiced-of.ts'
import { firstWarnings } from '#db/runs/run-warnings.ts'
import { firstDay } from '#lib/billing/days.ts'
import { decimal } from '#lib/billing/decimal.ts'
import { monthName } from '#lib/billing/format.ts'
import { codesOfCause } from '#lib/billing/lasting-points.ts'
import { cutText } from '#lib/billing/text.ts'
import type { Money, Period } from '#lib/billing/types.ts'
import { lastingTexts } from '#lib/inbox/sentences.ts'

export interface CustomerTrouble {
  readonly says: string
  readonly isError: boolean
  /** Retail; `null` where it is not known. */
  readonly amount: Money | null
  readonly from: Period | null
  /** ISO. */
  readonly since: string
  /** Other causes. */
  readonly others: number
}

/** Characters of a line. */
const LONGEST = 110

/** By tenant, of those whose bill is not right, or of which nobody knows whether it is. */
export async function customerTroubles(
  organisationId: string,
  program: string,
  customers: readonly Customer[],
): Promise<Map<string, CustomerTrouble>> {
  const { db } = server()
  const inTrouble = customers.filter(({ state }) => state === 'attention')
  const ids = inTrouble.flatMap(({ mapping }) => mapping?.agreementId ?? [])
  const byPlace = placed(await pointSummaries(db, organisationId, program, [...new Set(ids)]))
  const found = new Map(
    inTrouble.flatMap((customer) => {
      const trouble = lineOf(ofCustomer(byPlace, customer))
      return trouble === null ? [] : [[customer.tenantId, trouble] as const]
    }),
  )
  for (const [tenantId, trouble] of await endingNext(organisationId, program, customers))
    if (!found.has(tenantId)) found.set(tenantId, trouble)
  const only = inTrouble.filter(({ tenantId }) => !found.has(tenantId))
  const others = await Promise.all([
    warned(organisationId, program, only),
    leaking(
      organisationId,
      program,
      customers.filter(({ state, tenantId }) => state === 'syncing' && !found.has(tenantId)),
    ),
    notMapped(organisationId, program, customers),
    switchedOff(organisationId, program, customers),
  ])
  for (const [tenantId, trouble] of others.flat()) found.set(tenantId, trouble)
  return found
}

type Told = readonly (readonly [tenantId: string, CustomerTrouble])[]

/** Nobody has to settle anything for them to sync on, and still what is billed is not what PRISM invoices (J3). */
async function leaking(
  organisationId: string,
  program: string,
  customers: readonly Customer[],
): Promise<Told> {
  if (customers.length === 0) return []
  const { db } = server()
  const ids = customers.map(({ tenantId }) => tenantId)
  const [sums, muted] = await Promise.all([
    lastingSums(db, organisationId, program, ids),
    mutedPairs(db, organisationId, program, new Date()),
  ])
  const isMuted = ({ tenantId, cause }: LastingSum): boolean =>
    muted.some((each) => each.tenantId === tenantId && each.cause === cause)
  const open = Map.groupBy(
    sums.filter((each) => !isMuted(each)),
    ({ tenantId }) => tenantId,
  )
  return customers.flatMap(({ tenantId, lastResult }) => {
    const causes = open.get(tenantId) ?? []
    const [worst] = causes.toSorted((a, b) => decimal(b.amount).cmp(decimal(a.amount)))
    if (worst === undefined || lastResult === null) return []
    const trouble: CustomerTrouble = {
      says: lastingTexts[worst.cause].one,
      isError: false,
      amount: amountOf(worst.amount),
      from: null,
      since: lastResult.finishedAt,
      others: causes.length - 1,
    }
    return [[tenantId, trouble] as const]
  })
}

/** Their agreement ends before the month that comes next. */
async function endingNext(
  organisationId: string,
  program: string,
  customers: readonly Customer[],
): Promise<Told> {
  const { db } = server()
  const ids = new Set(customers.map(({ tenantId }) => tenantId))
  const agreementIds = [...new Set(customers.flatMap(({ mapping }) => mapping?.agreementId ?? []))]
  if (agreementIds.length === 0) return []
  const ending = (await outlooksOf(db, organisationId, program, agreementIds)).filter(({ tenantId }) =>
    ids.has(tenantId),
  )
  const invoiced = await invoicedOf(
    db,
    organisationId,
    program,
    ending.map(({ tenantId }) => tenantId),
  )
  return ending.map(({ tenantId, outlook }) => [
    tenantId,
    {
      says: `${outlook.message} ${monthName(outlook.period)} cannot be billed there`,
      isError: false,
      amount: amountOf(invoiced.get(tenantId)?.price ?? null),
      from: null,
      since: outlook.since,
      others: 0,
    },
  ])
}

/** PRISM invoices them, and nobody bills it. */
async function notMapped(
  organisationId: string,
  program: string,
  customers: readonly Customer[],
): Promise<Told> {
  const ids = customers.flatMap(({ state, tenantId }) => (state === 'unmapped' ? [tenantId] : []))
  const invoiced = await invoicedOf(server().db, organisationId, program, ids)
  return [...invoiced].flatMap(([tenantId, { price, period, from }]) =>
    decimal(price).eq(0)
      ? []
      : [
          [
            tenantId,
            {
              says: `Unmapped: nobody bills what PRISM invoiced for ${monthName(period)}`,
              isError: false,
              amount: price,
              from,
              since: firstDay(from),
              others: 0,
            },
          ] as const,
        ],
  )
}

/** Their Sync is off, and invoices came since. */
async function switchedOff(
  organisationId: string,
  program: string,
  customers: readonly Customer[],
): Promise<Told> {
  const off = customers.filter(({ state }) => state === 'mapped')
  const agreementIds = [...new Set(off.flatMap(({ mapping }) => mapping?.agreementId ?? []))]
  if (agreementIds.length === 0) return []
  const missed = missedCustomers(server().db, organisationId, program, false, agreementIds)
  const rows = await missed.page({ limit: customers.length, offset: 0 })
  const ids = new Set(off.map(({ tenantId }) => tenantId))
  return rows
    .filter(({ tenantId }) => ids.has(tenantId))
    .map(({ tenantId, months, price, from, since }) => [
      tenantId,
      {
        says: `Sync is off: ${months.length === 1 ? '1 month is' : `${months.length} months are`} not billed`,
        isError: false,
        amount: price,
        from,
        since: since.toISOString(),
        others: 0,
      },
    ])
}

/** Of those of whom nobody has to settle anything: what their last sync warned of, less what is muted (J3). */
async function warned(
  organisationId: string,
  program: string,
  customers: readonly Customer[],
): Promise<Told> {
  const items = customers.flatMap(({ mapping, lastResult }) =>
    mapping === null || lastResult === null
      ? []
      : [{ runId: lastResult.runId, agreementId: mapping.agreementId }],
  )
  if (items.length === 0) return []
  const { db } = server()
  const muted = (await mutedPairs(db, organisationId, program, new Date())).flatMap(({ tenantId, cause }) =>
    codesOfCause(cause).map((code) => ({ tenantId, code })),
  )
  const byPlace = placed(await firstWarnings(db, organisationId, items, muted))
  return customers.flatMap((customer) => {
    const [first] = ofCustomer(byPlace, customer)
    if (first === undefined || customer.lastResult === null) return []
    const trouble: CustomerTrouble = {
      says: lineText(first),
      isError: false,
      amount: amountOf(first.amount),
      from: first.period,
      since: customer.lastResult.finishedAt,
      others: 0,
    }
    return [[customer.tenantId, trouble] as const]
  })
}

interface Placed {
  readonly agreementId: number
  /** `''`: of the agreement as a whole. */
  readonly tenantId: string
}

const placed = <T extends Placed>(all: readonly T[]): ReadonlyMap<string, T> =>
  new Map(all.map((each) => [`${each.agreementId}/${each.tenantId}`, each]))

/** Its own first, then its agreement's. */
const ofCustomer = <T>(byPlace: ReadonlyMap<string, T>, { tenantId, mapping }: Customer): T[] =>
  [tenantId, ''].flatMap((whose) => byPlace.get(`${mapping?.agreementId}/${whose}`) ?? [])

const lineText = ({ product, message }: { readonly product: string; readonly message: string }): string => {
  const text = product === '' ? message : `${product}: ${message}`
  const cut = cutText(text, LONGEST)
  return cut === text ? text : `${cut.trimEnd()}…`
}

/** Nothing is no amount. */
const amountOf = (amount: Money | null): Money | null =>
  amount === null || decimal(amount).eq(0) ? null : amount

/** The customer's own and its agreement's: the worse one is told. */
function lineOf(of: readonly PointSummary[]): CustomerTrouble | null {
  const worst = of.find(({ severity }) => severity === 'error') ?? of[0]
  if (worst === undefined) return null
  const others = of.reduce((count, each) => count + each.others + 1, -1)
  const { severity, amount, from, since } = worst
  return {
    says: lineText(worst),
    isError: severity !== 'warning',
    amount: amountOf(amount),
    from,
    since: since.toISOString(),
    others,
  }
}

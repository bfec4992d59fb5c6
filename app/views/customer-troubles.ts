/** What is wrong with customers, each in a line: the cause, its amount and since when. */
import type { Customer } from '#app/api/schemas/customers.ts'
import { server } from '#app/process/process.ts'
import { mutedPairs } from '#db/mappings/mutes.ts'
import { type PointSummary, pointSummaries } from '#db/mappings/point-summaries.ts'
import { firstWarnings } from '#db/runs/run-warnings.ts'
import { decimal } from '#lib/billing/decimal.ts'
import { codesOfCause } from '#lib/billing/lasting-points.ts'
import { cutText } from '#lib/billing/text.ts'
import type { Money, Period } from '#lib/billing/types.ts'

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

/** By tenant, of those that need attention. */
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
  const only = inTrouble.filter(({ tenantId }) => !found.has(tenantId))
  for (const [tenantId, trouble] of await warned(organisationId, program, only)) found.set(tenantId, trouble)
  return found
}

/** Of those of whom nobody has to settle anything: what their last sync warned of, less what is muted (J3). */
async function warned(
  organisationId: string,
  program: string,
  customers: readonly Customer[],
): Promise<(readonly [string, CustomerTrouble])[]> {
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
      amount: null,
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

/** The customer's own and its agreement's: the worse one is told. */
function lineOf(of: readonly PointSummary[]): CustomerTrouble | null {
  const worst = of.find(({ severity }) => severity === 'error') ?? of[0]
  if (worst === undefined) return null
  const others = of.reduce((count, each) => count + each.others + 1, -1)
  const { severity, amount, from, since } = worst
  return {
    says: lineText(worst),
    isError: severity !== 'warning',
    amount: amount === null || decimal(amount).eq(0) ? null : amount,
    from,
    since: since.toISOString(),
    others,
  }
}

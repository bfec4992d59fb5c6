/** What is wrong with customers, each in a line: the cause, its amount and since when. */
import type { Customer } from '#app/api/schemas/customers.ts'
import { server } from '#app/process/process.ts'
import { type PointSummary, pointSummaries } from '#db/mappings/open-points.ts'
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
const LONGEST = 140

/** By tenant, of those that need attention. One whose last sync only warns of what nobody can settle is not in it. */
export async function customerTroubles(
  organisationId: string,
  program: string,
  customers: readonly Customer[],
): Promise<Map<string, CustomerTrouble>> {
  const inTrouble = customers.filter(({ state }) => state === 'attention')
  const ids = inTrouble.flatMap(({ mapping }) => mapping?.agreementId ?? [])
  const found = await pointSummaries(server().db, organisationId, program, [...new Set(ids)])
  const byPlace = new Map(found.map((each) => [`${each.agreementId}/${each.tenantId}`, each]))
  return new Map(
    inTrouble.flatMap(({ tenantId, mapping }) => {
      const own = byPlace.get(`${mapping?.agreementId}/${tenantId}`)
      const shared = byPlace.get(`${mapping?.agreementId}/`)
      const trouble = lineOf([own, shared].filter((each) => each !== undefined))
      return trouble === null ? [] : [[tenantId, trouble] as const]
    }),
  )
}

/** The customer's own and its agreement's: the worse one is told. */
function lineOf(of: readonly PointSummary[]): CustomerTrouble | null {
  const worst = of.find(({ severity }) => severity === 'error') ?? of[0]
  if (worst === undefined) return null
  const others = of.reduce((count, each) => count + each.others + 1, -1)
  const { product, message, severity, amount, from, since } = worst
  return {
    says: cutText(product === '' ? message : `${product}: ${message}`, LONGEST),
    isError: severity !== 'warning',
    amount,
    from,
    since: since.toISOString(),
    others,
  }
}

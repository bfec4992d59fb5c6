/** A run opens on what is wrong: points that say the same are one cause, with how many customers it has and its money (G3). */
import { type Decimal, decimal, money, sum, zero } from './decimal.ts'
import type { RunPoint } from './run-points.ts'
import type { Money } from './types.ts'

/** An agreement of a run, with what its sync found. */
export interface FoundOn {
  readonly agreementId: number
  readonly agreementName: string
  readonly companyName: string
  readonly tenantIds: readonly string[]
  readonly points: readonly RunPoint[]
}

/** A point with whose it is. */
export type CausePoint = RunPoint & Omit<FoundOn, 'points'> & { readonly amount: Money | null }

export interface RunCause {
  readonly severity: RunPoint['severity']
  readonly message: string
  /** What all of its points say to do; `''`: each says its own. */
  readonly remedy: string
  readonly customers: number
  /** Retail, of all its points and months, never negative; `null`: it is about no amount. */
  readonly amount: Money | null
  readonly points: readonly CausePoint[]
}

/** Errors first, then by money, then by how many customers they have. */
export const runCausesOf = (agreements: readonly FoundOn[]): RunCause[] => {
  const all = agreements.flatMap(({ points, ...of }) =>
    points.map((point): CausePoint => ({ ...point, ...of, amount: amountOf(point) })),
  )
  const byCause = Map.groupBy(all, ({ severity, code, message }) => `${severity}/${code}/${message}`)
  return [...byCause.values()]
    .map(causeOf)
    .sort(
      (a, b) =>
        Number(a.severity === 'warning') - Number(b.severity === 'warning') ||
        byMoney(b.amount, a.amount) ||
        b.customers - a.customers ||
        (a.message < b.message ? -1 : 1),
    )
}

const byMoney = (a: Money | null, b: Money | null): number => {
  const [one, other] = [decimal(a ?? 0), decimal(b ?? 0)]
  return one.eq(other) ? 0 : one.lt(other) ? -1 : 1
}

const amountOf = ({ months }: RunPoint): Money | null => total(months.map(({ amount }) => amount))

const total = (amounts: readonly (Money | null)[]): Money | null => {
  const known: Decimal[] = amounts.flatMap((amount) => (amount === null ? [] : decimal(amount)))
  return known.length === 0 ? null : money(known.length === 1 ? (known[0] ?? zero) : sum(known))
}

const causeOf = (points: readonly CausePoint[]): RunCause => {
  const [first] = points
  if (first === undefined) throw new Error('A group has at least one')
  const { severity, message, remedy } = first
  return {
    severity,
    message,
    remedy: points.every((point) => point.remedy === remedy) ? remedy : '',
    customers: new Set(points.map(({ tenantId, agreementId }) => tenantId || agreementId)).size,
    amount: total(points.map(({ amount }) => amount)),
    points: points.toSorted(
      (a, b) => byMoney(b.amount, a.amount) || a.companyName.localeCompare(b.companyName, 'en'),
    ),
  }
}

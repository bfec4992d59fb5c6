/**
 * Which lines a credit takes back. The form of a credit is not known [inferred]: it names its subscription and offer and days of the
 * term, and Microsoft takes seats back within 7 days of when those seats were added (docs/facts/microsoft.md, "Terms"). So it is the
 * line with its unit price that began last, of which that much is left; where none alone has so much left, the last ones together;
 * then the same of any price.
 */
import { type Decimal, decimal, zero } from '../decimal.ts'
import { type AnnualInvoice, inOrder } from './annual-situation.ts'
import { amountOf, type IdentifiedLine, identified, identityKey, isCredit } from './line-identity.ts'

interface Charge {
  readonly of: IdentifiedLine
  /** Of its price; of its cost where it has no price. */
  left: Decimal
}

/** Each line is rounded by itself, so that what is left may be short by some cents. */
const leeway = decimal('0.1')

const worthOf = ({ line }: IdentifiedLine): Decimal => {
  const { cost, price } = amountOf(line)
  return price.eq(0) ? cost.abs() : price.abs()
}

const offerOf = ({ line, is }: IdentifiedLine): string => `${is.subscriptionId} ${line.offerName.trim()}`

/**
 * By the key of each credit, the charges that it takes back, the last one first; a credit that is not there takes back nothing that
 * is known.
 * @param invoices all that are known of the agreement's tenants
 */
export const originsOf = (
  invoices: readonly AnnualInvoice[],
): ReadonlyMap<string, readonly IdentifiedLine[]> => {
  const origins = new Map<string, readonly IdentifiedLine[]>()
  const charges = new Map<string, Charge[]>()
  const lines = inOrder(invoices).flatMap(identified)
  // A credit's invoice may come before that of the charge.
  for (const of of lines.filter(({ line }) => !isCredit(line))) {
    const known = charges.get(offerOf(of)) ?? []
    charges.set(offerOf(of), [...known, { of, left: worthOf(of) }])
  }
  for (const credit of lines.filter(({ line }) => isCredit(line))) {
    const taken = takenBackBy(credit, charges.get(offerOf(credit)) ?? [])
    if (taken.length === 0) continue
    takeFrom(taken, worthOf(credit))
    origins.set(
      identityKey(credit.is),
      taken.map(({ of }) => of),
    )
  }
  return origins
}

const takenBackBy = (credit: IdentifiedLine, charges: readonly Charge[]): readonly Charge[] => {
  const { line } = credit
  const may = charges
    .filter(({ of, left }) => left.gt(zero) && of.line.first <= line.last && of.line.last >= line.first)
    .sort((a, b) => (a.of.line.first < b.of.line.first ? 1 : a.of.line.first > b.of.line.first ? -1 : 0))
  const unit = decimal(line.unitPrice).abs()
  const alike = may.filter(({ of }) => decimal(of.line.unitPrice).abs().eq(unit))
  const worth = worthOf(credit).minus(leeway)
  const own = enough(alike, worth)
  return own.length > 0 ? own : enough(may, worth)
}

/** One that has so much left, else the first ones that do together; none where all have less. */
const enough = (charges: readonly Charge[], worth: Decimal): readonly Charge[] => {
  const one = charges.find(({ left }) => !left.lt(worth))
  if (one !== undefined) return [one]
  let sum = zero
  for (const [at, { left }] of charges.entries()) {
    sum = sum.plus(left)
    if (!sum.lt(worth)) return charges.slice(0, at + 1)
  }
  return []
}

const takeFrom = (charges: readonly Charge[], worth: Decimal): void => {
  let rest = worth
  for (const charge of charges) {
    const part = charge.left.lt(rest) ? charge.left : rest
    charge.left = charge.left.minus(part)
    rest = rest.minus(part)
  }
}

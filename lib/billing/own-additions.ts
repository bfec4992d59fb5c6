/**
 * Additions of this product's own with a reserved serial number, which bill a month once: from its first day to its last, so that
 * nothing is prorated and nothing runs on (docs/billing-rules.md, "Reserved serial numbers").
 */
import { type CountedAddition, hold } from './additions.ts'
import { type Decimal, decimal, money, type Pair, quantity, zero } from './decimal.ts'
import { simulate } from './simulate.ts'
import type { Window } from './timeline.ts'
import type {
  Addition,
  AdditionPatch,
  Agreement,
  BillCustomer,
  Change,
  Day,
  Money,
  Quantity,
} from './types.ts'

/** What decides how one is billed; where `billCustomer` is left out, it stays as a person has it. */
export interface OwnTerms {
  readonly quantity: Quantity
  readonly lessIncluded: Quantity
  readonly unitCost: Money
  readonly unitPrice: Money
  readonly effectiveDate: Day
  readonly cancelledDate: Day
  readonly serialNumber?: string
  readonly billCustomer?: BillCustomer
}

/** So many at a unit price, once for the whole month. */
export const onceInMonth = ({ first, last }: Pick<Window, 'first' | 'last'>, of: Decimal, unit: Pair) =>
  ({
    quantity: quantity(of),
    lessIncluded: quantity(zero),
    unitCost: money(unit.cost),
    unitPrice: money(unit.price),
    effectiveDate: first,
    cancelledDate: last,
  }) satisfies OwnTerms

const isSame = (a: string, b: string): boolean => decimal(a).eq(b)

/** What of an addition is to be set, so that it is billed by the terms again; `null`: nothing. */
export const patchTo = (before: Addition, terms: OwnTerms): AdditionPatch | null => {
  const { serialNumber = before.serialNumber, billCustomer = before.billCustomer } = terms
  const set: AdditionPatch = {
    ...(before.serialNumber === serialNumber ? {} : { serialNumber }),
    ...(isSame(before.quantity, terms.quantity) ? {} : { quantity: terms.quantity }),
    ...(isSame(before.lessIncluded, terms.lessIncluded) ? {} : { lessIncluded: terms.lessIncluded }),
    ...(before.effectiveDate === terms.effectiveDate ? {} : { effectiveDate: terms.effectiveDate }),
    ...(before.cancelledDate === terms.cancelledDate ? {} : { cancelledDate: terms.cancelledDate }),
    ...(before.billCustomer === billCustomer ? {} : { billCustomer }),
    ...(isSame(before.unitCost, terms.unitCost) ? {} : { unitCost: terms.unitCost }),
    ...(isSame(before.unitPrice, terms.unitPrice) ? {} : { unitPrice: terms.unitPrice }),
  }
  return Object.keys(set).length === 0 ? null : set
}

export const keepOwn = (addition: Addition): Change => ({
  kind: 'keep',
  reason: { rule: 'unchanged' },
  additionId: addition.id,
  addition,
})

/** Additions as the changes leave them; none of them is billed yet. */
export const heldAfter = (
  additions: readonly Addition[],
  changes: readonly Change[],
  agreement: Agreement,
): CountedAddition[] =>
  simulate({ additions, owned: [], catalog: [] }, changes).additions.map((addition) =>
    hold(addition, agreement, undefined),
  )

/** What a stored line identity says of its line, for people. */
import type { CarriedLine, Day, Money, Quantity } from '../types.ts'

export interface ChargeWords {
  /** The offer's name. */
  readonly offer: string
  readonly quantity: Quantity
  readonly first: Day
  readonly last: Day
  /** What the line charges: cost and price. */
  readonly cost: Money
  readonly price: Money
}

/** Reads `CarriedLine.charge` as `identified` writes it; an offer's name may have spaces, the rest has none. */
export const chargeWords = ({ charge }: Pick<CarriedLine, 'charge'>): ChargeWords => {
  const fields = charge.split(' ')
  const [first, last, quantity, , , cost, price] = fields.slice(-7)
  return {
    offer: fields.slice(1, -7).join(' '),
    first: first as Day,
    last: last as Day,
    quantity: quantity as Quantity,
    cost: cost as Money,
    price: price as Money,
  }
}

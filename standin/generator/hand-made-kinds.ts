/** How customers were billed before the product came: by a clerk, by PRISM Connect and by Billing Sync, rightly and wrongly. */
import { annualTermBilledAnnually, annualTermBilledMonthly, monthlyTerm } from '../prism/history.ts'
import { lastBefore as before, type CustomerDraft, type Sold, type Truth } from './hand-made-draft.ts'

const isOf = ({ subscriptionId }: Sold): Truth => ({ is: 'subscription', subscriptionId })
const endsBefore: Truth = { is: 'ends', on: before }

/** Serial number as PRISM Connect and Billing Sync give it. */
const its = ({ subscriptionId }: Sold) => ({ serialNumber: subscriptionId })

export const handMadeKinds = {
  right: (c) => c.bill(c.sell(1)),
  'right, with serial number': (c) => {
    const sold = c.sell(1)
    c.bill(sold, its(sold))
  },
  'serial number in capitals with spaces': (c) => {
    const sold = c.sell(2)
    c.bill(sold, { serialNumber: ` ${sold.subscriptionId.toUpperCase()} ` })
  },
  'wrong quantity': (c) => {
    const sold = c.sell(3)
    c.bill({ ...sold, quantity: sold.quantity + 7 }, { truth: isOf(sold) })
  },
  'wrong quantity, with serial number': (c) => {
    const sold = c.sell(3)
    c.bill({ ...sold, quantity: 1 }, its(sold))
  },
  'two additions of one product': (c) => {
    const sold = c.sell(1)
    c.bill({ ...sold, quantity: 1 })
    c.bill({ ...sold, quantity: sold.quantity - 1 })
  },
  'two subscriptions of one product': (c) => {
    const sold = [c.sell(2, monthlyTerm, 5), c.sell(2, monthlyTerm, 5)]
    for (const each of sold) c.bill(each, { truth: isOf(each) })
  },
  'a lump sum for several months': (c) => {
    const sold = c.sell(1)
    c.bill(
      { ...sold, quantity: 1 },
      { price: 1234.5, cost: 1000, from: '2026-02-01', to: '2026-06-30', truth: endsBefore },
    )
  },
  'one that ended': (c) => c.bill(c.sell(4), { to: before }),
  'one that starts later': (c) => c.bill(c.sell(4), { from: '2026-07-01', truth: endsBefore }),
  'edited price': (c) => c.bill(c.sell(2), { price: 9.87 }),
  'edited price, with serial number': (c) => {
    const sold = c.sell(2)
    c.bill(sold, { price: 9.87, ...its(sold) })
  },
  'PRISM Connect, monthly terms': (c) => {
    const sold = c.sell(5)
    c.bill(sold, { item: c.prefixed(sold.product, 'P1M:M'), ...its(sold) })
  },
  'PRISM Connect, a year’s term by the month': (c) => {
    const sold = [c.sell(1, monthlyTerm, 6), c.sell(1, annualTermBilledMonthly, 6)] as const
    c.bill(sold[0])
    c.bill(sold[1], { item: c.prefixed(sold[1].product, 'P1Y:M') })
  },
  'PRISM Connect, wrong quantity': (c) => {
    const sold = c.sell(5, annualTermBilledMonthly)
    c.bill({ ...sold, quantity: 1 }, { item: c.prefixed(sold.product, 'P1Y:M'), ...its(sold) })
  },
  'PRISM Connect, serial number taken off': (c) => {
    const sold = c.sell(5)
    c.bill(sold, { item: c.prefixed(sold.product, 'P1M:M') })
  },
  'PRISM Connect, Azure': (c) => {
    const sold = c.sellAzure()
    c.bill(sold, { price: 250, cost: 200, from: '2026-04-01', to: '2026-04-30', ...its(sold) })
  },
  'Azure of the month before, too': (c) => {
    const sold = c.sellAzure()
    c.bill(sold, { price: 250, cost: 200, from: '2026-03-01', to: before, ...its(sold) })
    c.bill(c.sell(1))
  },
  'Azure’s lump sum, open': (c) => {
    c.bill(c.sellAzure(), { price: 300, cost: 250, from: '2026-01-01', truth: endsBefore })
  },
  'Azure with the id, open': (c) => {
    const sold = c.sellAzure()
    c.bill(sold, { price: 300, cost: 250, from: '2026-01-01', truth: endsBefore, ...its(sold) })
  },
  'an annual one': (c) => {
    const sold = c.sell(4, annualTermBilledAnnually)
    c.bill(sold, { item: c.prefixed(sold.product, 'P1Y:A'), ...its(sold) })
    c.bill(c.sell(1))
  },
  'an annual one without serial number': (c) => {
    const sold = c.sell(4, annualTermBilledAnnually)
    c.bill(sold, { item: c.prefixed(sold.product, 'P1Y:A') })
    c.bill(c.sell(1))
  },
  'a support fee with the id': (c) => {
    const sold = c.sell(1)
    c.bill(sold)
    c.bill(sold, { item: c.fee, price: 4, cost: 0, ...its(sold) })
  },
  'of no subscription: another distributor’s': (c) => {
    c.bill(c.sell(1))
    c.bill(c.unsold(3), { truth: { is: 'nobody' } })
  },
  'of no subscription: forgotten': (c) => {
    c.bill(c.sell(1))
    c.bill(c.unsold(2), { truth: endsBefore })
  },
  'of no subscription: no product of PRISM’s': (c) => {
    c.bill(c.sell(1))
    c.bill(c.unsold(2), { item: c.fee, price: 120, cost: 80 })
  },
  'an unknown serial number': (c) => {
    const sold = c.sell(3)
    c.bill(sold, { serialNumber: 'PO-2231', truth: isOf(sold) })
  },
  'of an item that nothing links': (c) => {
    const sold = c.sell(5)
    c.bill(sold, { item: c.byHand(sold.product), truth: isOf(sold) })
  },
  nothing: (c) => void c.sell(1),
} as const satisfies Record<string, (customer: CustomerDraft) => void>
export type HandMadeKind = keyof typeof handMadeKinds

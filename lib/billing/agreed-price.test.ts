/** PRISM's price to which a person said yes (J3): another one is replaced by it, from the first day that is not invoiced. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { subscriptionKey } from './keys.ts'
import { plan } from './plan.ts'
import { simulate } from './simulate.ts'
import {
  addition,
  agreement,
  day,
  line,
  owned,
  situation,
  subscriptionId,
  usage,
} from './testing/factories.ts'
import { writesOf } from './testing/plan-writes.ts'
import type { Addition, Money, Period, Quantity, Situation } from './types.ts'

const id = subscriptionKey(subscriptionId)
const dear = addition(5, '2026-06-01', null, { unitPrice: '7' as Money })
const agreed = (from = '2026-10-01', unitPrice = '10'): Pick<Situation, 'agreedPrices'> => ({
  agreedPrices: { [id]: { unitPrice: unitPrice as Money, from: day(from) } },
})
const before = (over: Partial<Situation> = {}): Situation =>
  situation({
    additions: [dear],
    owned: owned(dear),
    usages: [usage([line(5, '2026-09', 1, 30)])],
    ...over,
  })
/** ConnectWise has invoiced September, and it is good. */
const invoiced = (over: Partial<Situation> = {}): Situation =>
  before({
    agreement: agreement({ nextInvoiceDate: day('2026-10-01') }),
    good: { [id]: ['2026-09' as Period] },
    invoices: [{ through: day('2026-09-30'), additions: [dear] }] as never,
    ...over,
  })
const shortly = (of: Situation): string[] =>
  writesOf(of).map((change) =>
    change.kind === 'create'
      ? `${change.addition.quantity} at ${change.addition.unitPrice} from ${change.addition.effectiveDate}`
      : change.kind === 'end'
        ? `ends ${change.cancelledDate}`
        : change.kind,
  )
/** What each addition bills, and when, whatever its id. */
const shape = (all: readonly Addition[]): string[] =>
  all
    .map(({ quantity, unitPrice, effectiveDate, cancelledDate }) =>
      [quantity, unitPrice, effectiveDate, cancelledDate].join(' '),
    )
    .toSorted()

describe('A price that is agreed', () => {
  it('is offered where PRISM has one, with the day from which on it can be billed [J3]', () => {
    const [row] = plan(before()).periods[0]?.subscriptions ?? []
    expect(row?.findings.find(({ code }) => code === 'price-below-cost')?.offers).toEqual({
      unitPrice: '10',
      from: '2026-10-01',
    })
    const two = [line(3, '2026-09', 1, 30), line(2, '2026-09', 1, 30, { unit: [9, 11] })]
    const several = plan(before({ usages: [usage(two)] })).periods[0]?.subscriptions ?? []
    expect(several.flatMap(({ findings }) => findings.flatMap(({ offers }) => offers ?? []))).toEqual([])
  })

  it('is written by nobody’s word but a person’s [J3]', () => {
    expect(shortly(before())).toEqual([])
    expect(shortly(invoiced())).toEqual([])
  })

  it.each([
    ['a month that is not invoiced yet', before],
    ['a month that ConnectWise has invoiced', invoiced],
  ])('ends what bills another one and begins at it on the next day, in %s [J3]', (_, of) => {
    const now = of(agreed())
    expect(shortly(now)).toEqual(['ends 2026-09-30', '5 at 10 from 2026-10-01'])
    const [row] = plan(now).periods[0]?.subscriptions ?? []
    expect(row?.findings.map(({ code }) => code)).toContain('price-replaced')
    expect(row?.findings.map(({ code }) => code)).not.toContain('price-below-cost')
  })

  it('begins after all that is invoiced where that is in advance [J3]', () => {
    const ahead = agreement({ nextInvoiceDate: day('2026-12-01') })
    const all = { agreement: ahead, ...agreed('2026-12-01') }
    expect(shortly(before(all))).toEqual(['ends 2026-11-30', '5 at 10 from 2026-12-01'])
  })

  it.each([
    ['PRISM has another price by now', agreed('2026-10-01', '9.5')],
    ['ConnectWise has invoiced on', agreed('2026-09-01')],
    [
      'the subscription is another one',
      { agreedPrices: { [subscriptionKey('other')]: { unitPrice: '10' as Money, from: day('2026-10-01') } } },
    ],
    ['nothing bills another price', { ...agreed(), additions: [{ ...dear, unitPrice: '10' as Money }] }],
  ])('is nothing where %s [J3]', (_, over) => {
    expect(shortly(before(over))).toEqual([])
    expect(shortly(invoiced(over))).toEqual([])
  })

  it('leads to the same from every part of its plan, and then to nothing, whatever bills [J3]', () => {
    const prices = fc.constantFrom('7', '9', '10', '12')
    const held = fc.array(fc.record({ quantity: fc.integer({ min: 1, max: 6 }), price: prices }), {
      minLength: 1,
      maxLength: 4,
    })
    fc.assert(
      fc.property(held, fc.boolean(), fc.nat(), (all, isInvoiced, cut) => {
        const additions = all.map(({ quantity, price }) =>
          addition(quantity, '2026-06-01', null, {
            unitPrice: price as Money,
            quantity: `${quantity}` as Quantity,
          }),
        )
        const total = all.reduce((sum, { quantity }) => sum + quantity, 0)
        const usages = [usage([line(total, '2026-09', 1, 30)])]
        const own = { additions, owned: owned(...additions), usages, ...agreed() }
        const of = isInvoiced
          ? invoiced({ ...own, invoices: [{ through: day('2026-09-30'), additions }] as never })
          : before(own)
        const writes = writesOf(of)
        const done = { ...of, ...simulate(of, writes) }
        expect(shortly(done)).toEqual([])
        const running = done.additions.filter(({ cancelledDate }) => cancelledDate === null)
        expect(running.every(({ unitPrice }) => unitPrice === '10')).toBe(true)
        expect(running.reduce((sum, { quantity }) => sum + Number(quantity), 0)).toBe(total)
        const part = { ...of, ...simulate(of, writes.slice(0, cut % (writes.length + 1))) }
        const rest = { ...part, ...simulate(part, writesOf(part)) }
        expect(shape(rest.additions)).toEqual(shape(done.additions))
        // What is invoiced, and September's own days, stay as they were.
        const september = (each: Situation): string[] =>
          shape(
            each.additions
              .filter(({ effectiveDate }) => String(effectiveDate) < '2026-10-01')
              .map((one) => ({ ...one, cancelledDate: null })),
          )
        expect(september(done)).toEqual(september(of))
      }),
    )
  })
})

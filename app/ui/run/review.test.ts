/** The review of a sync that is to be undone: its money together, what stays, and when it is typed (J2). */
import { describe, expect, it } from 'vitest'
import { type Reviewed, reviewOf, typedForMoney, writesIn } from './review.ts'

type Plan = Extract<Reviewed, { state: 'read' }>['plan']
const amount = (price: string) => ({ price })
const money = (change: string, monthly: string | null): Plan['money'] =>
  ({
    months: [],
    change: amount(change),
    next: monthly === null ? null : { period: '2026-11', change: amount(monthly) },
  }) as unknown as Plan['money']
const plan = (writes: number, of: Plan['money'], status = 'Success'): Plan =>
  ({
    subscriptions: [
      { status, changes: [{ kind: 'keep' }, ...Array.from({ length: writes }, () => ({ kind: 'update' }))] },
    ],
    money: of,
  }) as unknown as Plan
const read = (of: Plan): Reviewed => ({ state: 'read', plan: of })

describe('the review of an undo', () => {
  it('counts what is written, and nothing that is kept', () => {
    expect(writesIn(plan(2, null))).toBe(2)
  })

  it('adds up the money of what is undone, exactly and with its sign', () => {
    const review = reviewOf([
      read(plan(1, money('-10.10', '-20.20'))),
      read(plan(2, money('0.30', null))),
      read(plan(0, money('500', '500'))),
    ])
    expect([review.change, review.monthly, review.writes, review.undone]).toEqual([
      '-9.80',
      '-20.20',
      3,
      [0, 1],
    ])
    expect(review.typing).toBeNull()
  })

  it('is not read before every agreement is', () => {
    expect(reviewOf([read(plan(1, null)), { state: 'reading' }]).isRead).toBe(false)
    expect(reviewOf([read(plan(1, null)), { state: 'refused', why: 'later' }]).isRead).toBe(true)
  })

  it('counts agreements that stay, whole or in part', () => {
    const review = reviewOf([
      { state: 'refused', why: 'Another sync has written since.' },
      read(plan(1, null, 'Error')),
      read(plan(1, null)),
    ])
    expect(review.left).toBe(2)
  })

  it('is typed past 1,000, of the months or of one month, and not at it', () => {
    expect(reviewOf([read(plan(1, money('-1000', '0')))]).typing).toBeNull()
    expect(reviewOf([read(plan(1, money('-1000.01', '0')))]).typing?.text).toBe('1,000.01')
    expect(reviewOf([read(plan(1, money('0', '-2000')))]).typing?.text).toBe('2,000.00')
    expect(typedForMoney(money('-1000', '0'))).toBeNull()
    expect(typedForMoney(money('1', '-1000.5'))?.text).toBe('1,000.50')
  })

  it('is typed by the number of agreements past ten', () => {
    const many = (count: number) => reviewOf(Array.from({ length: count }, () => read(plan(1, null))))
    expect(many(10).typing).toBeNull()
    expect(many(11).typing).toEqual({ what: 'the number of agreements', text: '11' })
  })
})

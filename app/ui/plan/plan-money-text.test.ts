import { describe, expect, it } from 'vitest'
import type { Money, Period } from '#lib/billing/types.ts'
import { planMoneyText } from './plan-money-text.ts'
import type { PlanMoney } from './shown.ts'

const amount = (price: string) => ({ price: price as Money })
const month = (period: string, change: string) => ({
  period: period as Period,
  before: amount('0'),
  after: amount(change),
  change: amount(change),
})

const text = (change: string, months: Record<string, string>, next: [string, string] | null) => {
  const money: PlanMoney = {
    months: Object.entries(months).map(([period, each]) => month(period, each)),
    change: amount(change),
    next: next && month(...next),
  }
  return planMoneyText(money, 'AUD')
}

describe('the money of a plan in words', () => {
  it('names the month with its part and the month from which the whole runs on [H1]', () => {
    expect(text('68.2', { '2026-09': '68.2' }, ['2026-10', '10'])).toBe(
      '+A$68.20 for September 2026, +A$10.00 a month from October 2026.',
    )
    expect(text('-25', { '2026-09': '-25' }, ['2026-10', '-1050.5'])).toBe(
      '−A$25.00 for September 2026, −A$1,050.50 a month from October 2026.',
    )
  })

  it('names the months that it changes and no others', () => {
    const months = { '2026-07': '0', '2026-08': '50', '2026-09': '60' }
    expect(text('110', months, ['2026-10', '60'])).toBe(
      '+A$110.00 for August 2026 to September 2026, +A$60.00 a month from October 2026.',
    )
  })

  it('says where nothing changes, now, from then on, or at all', () => {
    expect(text('0', { '2026-09': '0' }, ['2026-10', '10'])).toBe(
      'Nothing for September 2026, +A$10.00 a month from October 2026.',
    )
    expect(text('5', { '2026-09': '5' }, ['2026-10', '0'])).toBe(
      '+A$5.00 for September 2026, as before from October 2026.',
    )
    expect(text('0', { '2026-09': '0.00' }, ['2026-10', '0'])).toBe('The bill stays as it is.')
  })

  it('says only what runs on where ConnectWise has invoiced all months that are planned', () => {
    expect(text('0', {}, ['2026-10', '-20'])).toBe('−A$20.00 a month from October 2026.')
    expect(text('0', {}, ['2026-10', '0'])).toBe('The bill stays as it is.')
  })

  it('says nothing of months after the end of the agreement', () => {
    expect(text('50', { '2026-09': '50' }, null)).toBe('+A$50.00 for September 2026.')
  })

  it('keeps months apart that cancel out: the sum is told for both', () => {
    expect(text('0', { '2026-08': '-5', '2026-09': '5' }, ['2026-10', '5'])).toBe(
      '+A$0.00 for August 2026 to September 2026, +A$5.00 a month from October 2026.',
    )
  })

  it('says the same of the cost, where it is asked for [H1]', () => {
    const of = (price: string, cost: string) => ({ price: price as Money, cost: cost as Money })
    const each = {
      period: '2026-09' as Period,
      before: of('0', '0'),
      after: of('50', '40'),
      change: of('50', '40'),
    }
    const money: PlanMoney = { months: [each], change: of('50', '40'), next: null }
    expect(planMoneyText(money, 'AUD', 'cost')).toBe('+A$40.00 for September 2026.')
    expect(planMoneyText({ ...money, months: [], change: of('5', '0') }, 'AUD', 'cost')).toBe(
      'It stays as it is.',
    )
  })
})

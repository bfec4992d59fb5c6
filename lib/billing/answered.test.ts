/**
 * What a person says of an addition (F5; docs/billing-rules.md, "Each addition", step 2), each answer with
 * its neighbours. September 2026, 30 days, 5 x 10.00, in arrears; ConnectWise has invoiced until 31 August
 * unless said otherwise.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextDay } from './days.ts'
import { changesOf, isNothingToWrite, plan } from './plan.ts'
import { remainder } from './reconcile.ts'
import { simulate } from './simulate.ts'
import {
  addition,
  agreement,
  catalogItem,
  day,
  line,
  owned,
  product,
  situation,
  subscriptionId,
  tenantId,
  usage,
} from './testing/factories.ts'
import type { Addition, AdditionAnswer, PeriodPlan, Situation } from './types.ts'

const other = 'B0000000-0000-4000-8000-000000000002'
const stored = (id: string) => ({
  id,
  tenantId,
  productId: 'id-Business Premium',
  productName: 'Business Premium',
  displayTemplate: '',
})
const september = [usage([line(5, '2026-09', 1, 30)])]
const strange = (quantity: number, from: string, to: string | null = null): Addition =>
  addition(quantity, from, to, { serialNumber: 'PO-77' })
const ends = ({ id }: Addition, on: string): AdditionAnswer => ({
  additionId: id,
  answer: 'ends',
  endsOn: day(on),
})
const says = ({ id }: Addition, answer: 'nobody' | 'stays'): AdditionAnswer => ({ additionId: id, answer })
const bills = ({ id }: Addition, subscription: string): AdditionAnswer => ({
  additionId: id,
  answer: 'subscription',
  subscriptionId: subscription,
})

const planned = (over: Partial<Situation>): PeriodPlan => {
  const [of] = plan(situation({ usages: september, ...over })).periods
  if (!of) throw new Error('a usage gives a period')
  for (const value of Object.values(remainder(of.totals))) expect(Number(value)).toBeCloseTo(0, 6)
  return of
}
const writes = (of: PeriodPlan): string[] =>
  changesOf(of).flatMap((change) => {
    if (change.kind === 'keep') return []
    if (change.kind === 'end') return [`end ${change.additionId} on ${change.cancelledDate}`]
    return [change.kind]
  })
const rows = (of: PeriodPlan): string[] =>
  of.subscriptions.map(({ kind, status, findings, billed }) =>
    [kind, status, findings[0]?.code ?? '', billed.price].join(' '),
  )
const after = (over: Partial<Situation>): Situation => {
  const before = situation({ usages: september, ...over })
  return simulate(
    before,
    plan(before).periods.flatMap((of) => changesOf(of)),
  )
}

describe('an unknown serial number of a product that is invoiced [F5]', () => {
  const ten = strange(10, '2026-06-01')

  it('is asked about with its amount and the subscriptions that have its product', () => {
    const [row] = planned({ additions: [ten], subscriptions: [stored(subscriptionId)] }).subscriptions
    expect(row).toMatchObject({ status: 'Error', findings: [{ code: 'unknown-serial-number' }] })
    expect(row?.findings[0]?.asks).toEqual([
      {
        additionId: ten.id,
        serialNumber: 'PO-77',
        quantity: '10',
        billed: '100',
        owners: [subscriptionId.toLowerCase()],
      },
    ])
  })

  it.each([
    ['nobody’s', says(ten, 'nobody')],
    ['staying', says(ten, 'stays')],
  ])('is no Error any more once it is said to be %s', (_, answer) => {
    const of = planned({ additions: [ten], answers: [answer] })
    expect([writes(of), rows(of)]).toEqual([
      ['create'],
      ['subscription Success  50', 'addition No Change addition-not-ours 100'],
    ])
    expect(of.totals.terms).toEqual({ nobodys: { cost: '-80', price: '-100' } })
  })

  it('counts for the subscription that it was said to bill, and gets its serial number', () => {
    const five = strange(5, '2026-06-01')
    const of = planned({ additions: [five], answers: [bills(five, subscriptionId)] })
    expect([writes(of), rows(of)]).toEqual([['update'], ['subscription Success  50']])
  })

  it('is ended when it was said to, and is nothing unknown after that', () => {
    const over = { additions: [ten], answers: [ends(ten, '2026-09-30')] }
    const of = planned(over)
    expect([writes(of), rows(of)]).toEqual([
      ['create', `end ${ten.id} on 2026-09-30`],
      ['subscription Success  50', 'addition Success addition-not-ours 100'],
    ])
    expect(of.totals.terms).toEqual({ nobodys: { cost: '-80', price: '-100' } })
    const then = after(over)
    expect(isNothingToWrite(plan(then))).toBe(true)
    expect(rows(planned(then))[1]).toBe('addition No Change addition-not-ours 100')
  })

  it('is asked about again once the answer is taken back', () => {
    expect(rows(planned({ additions: [ten], answers: [] }))).toEqual([
      'subscription Error unknown-serial-number 100',
    ])
  })

  it('is not another addition’s answer', () => {
    const twin = strange(10, '2026-06-01')
    const of = planned({ additions: [ten, twin], answers: [says(ten, 'nobody')] })
    expect(rows(of)[0]).toBe('subscription Error unknown-serial-number 100')
    expect(of.subscriptions[0]?.findings.flatMap(({ asks }) => asks?.map((each) => each.additionId))).toEqual(
      [twin.id],
    )
  })
})

describe('the day that an addition is said to end on', () => {
  const ten = strange(10, '2026-06-01')
  const endOf = (over: Partial<Situation>): string | undefined =>
    writes(planned({ additions: [ten], ...over })).find((each) => each.startsWith('end'))

  it('is never before what ConnectWise has invoiced', () => {
    const until = (next: string | null) => ({
      agreement: agreement({ nextInvoiceDate: next === null ? null : day(next) }),
      answers: [ends(ten, '2026-08-31')],
    })
    expect(endOf(until('2026-09-01'))).toContain('2026-08-31')
    expect(endOf(until('2026-10-01'))).toContain('2026-09-30')
    expect(endOf(until('2026-12-01'))).toContain('2026-11-30')
    expect(endOf(until(null))).toContain('2026-09-30')
  })

  it('says so where it is later than what was said, and not where it is that', () => {
    const detailOf = (next: string) =>
      planned({
        additions: [ten],
        agreement: agreement({ nextInvoiceDate: day(next) }),
        answers: [ends(ten, '2026-08-31')],
      }).subscriptions.find(({ kind }) => kind === 'addition')?.findings[0]?.detail
    expect(detailOf('2026-10-01')).toContain('never credited')
    expect(detailOf('2026-09-01')).not.toContain('never credited')
  })

  it('is a month’s last one, as nothing that we write ends inside a month', () => {
    expect(endOf({ answers: [ends(ten, '2026-09-14')] })).toContain('2026-09-30')
  })

  it('bills nothing of the month where it lies before it', () => {
    const of = planned({ additions: [ten], answers: [ends(ten, '2026-08-31')] })
    expect(rows(of)[1]).toBe('addition Success addition-not-ours 0')
    expect(of.totals.terms).toBeUndefined()
  })

  it('shortens and never lengthens', () => {
    const october = strange(10, '2026-06-01', '2026-10-31')
    expect(endOf({ additions: [october], answers: [ends(october, '2026-12-31')] })).toBeUndefined()
    expect(endOf({ additions: [october], answers: [ends(october, '2026-10-31')] })).toBeUndefined()
    expect(endOf({ additions: [october], answers: [ends(october, '2026-09-30')] })).toContain('2026-09-30')
  })

  it('makes one that starts later never start', () => {
    const november = strange(10, '2026-11-01')
    expect(endOf({ additions: [november], answers: [ends(november, '2026-09-30')] })).toContain('2026-10-31')
  })

  it('does not count for one that this month’s invoice explains, which would be created again', () => {
    const five = addition(5, '2026-06-01')
    const of = planned({ additions: [five], answers: [ends(five, '2026-09-30')] })
    expect([writes(of), rows(of)]).toEqual([[], ['subscription No Change  50']])
  })

  it('counts for one of a subscription that no invoice ever had, and for one without a serial number', () => {
    const listed = addition(3, '2026-06-01', null, { serialNumber: other })
    const over = { additions: [listed], subscriptions: [stored(subscriptionId), stored(other)] }
    expect(rows(planned(over))[1]).toBe('addition Warning addition-unknown 30')
    expect(endOf({ ...over, answers: [ends(listed, '2026-09-30')] })).toBe(`end ${listed.id} on 2026-09-30`)
    const none = addition(6, '2026-06-01', null, { serialNumber: '' })
    expect(endOf({ additions: [none], answers: [ends(none, '2026-09-30')] })).toBe(
      `end ${none.id} on 2026-09-30`,
    )
  })

  it('counts for one of an id that PRISM lists no more, whose product is on no invoice', () => {
    const gone = addition(5, '2026-06-01', null, { serialNumber: other, catalogItemId: 2 })
    const over = {
      products: [product(), product('Visio')],
      catalog: [catalogItem(1), catalogItem(2, 'Visio')],
      additions: [gone],
    }
    expect(rows(planned(over))[1]).toBe('addition Warning addition-unknown 50')
    expect(endOf({ ...over, answers: [ends(gone, '2026-09-30')] })).toContain('2026-09-30')
    expect(endOf({ ...over, answers: [says(gone, 'stays')] })).toBeUndefined()
  })

  it('counts for one of ours that bills an annual term since', () => {
    const ours = addition(5, '2026-06-01')
    const annual = line(5, '2026-08', 1, 31, { termUnit: 'YEARS' })
    const over = {
      usages: [usage([])],
      additions: [ours],
      owned: owned(ours),
      latest: { [subscriptionId.toLowerCase()]: annual },
    }
    expect(planned(over).subscriptions[0]?.findings[0]?.asks).toHaveLength(1)
    expect(endOf({ ...over, answers: [ends(ours, '2026-09-30')] })).toContain('2026-09-30')
  })
})

describe('what is left over [F9]', () => {
  const visio = addition(2, '2026-06-01', null, { serialNumber: '', catalogItemId: 2 })
  const over = {
    products: [product(), product('Visio')],
    catalog: [catalogItem(1), catalogItem(2, 'Visio')],
    additions: [visio],
  }

  it('is asked about, and an Error no more once it was answered', () => {
    const [, row] = planned(over).subscriptions
    expect(row).toMatchObject({
      kind: 'leftover',
      status: 'Error',
      findings: [{ asks: [{ additionId: visio.id, billed: '20' }] }],
    })
    expect(rows(planned({ ...over, answers: [says(visio, 'stays')] }))[1]).toBe(
      'addition No Change addition-not-ours 20',
    )
    expect(writes(planned({ ...over, answers: [ends(visio, '2026-09-30')] }))).toContain(
      `end ${visio.id} on 2026-09-30`,
    )
  })
})

// ───────────────────────────── whatever is said ─────────────────────────────

const heldArb = fc.record({
  quantity: fc.integer({ min: 1, max: 9 }),
  serialNumber: fc.constantFrom('', 'PO-77', subscriptionId, other),
  from: fc.constantFrom('2026-05-01', '2026-08-12', '2026-09-01', '2026-09-10', '2026-10-01', '2026-11-15'),
  to: fc.constantFrom(null, null, '2026-09-30', '2026-12-31'),
  said: fc.constantFrom('nothing', 'nobody', 'stays', 'ends'),
  endsOn: fc.constantFrom('2026-07-31', '2026-09-30', '2026-10-31', '2027-01-31'),
})
const caseArb = fc.record({
  all: fc.array(heldArb, { minLength: 1, maxLength: 5 }),
  next: fc.constantFrom(null, '2026-09-01', '2026-10-01', '2026-11-01'),
})

describe('whatever is said', () => {
  it('an addition that is nobody’s or stays is never changed, and one that ends only ends [F5]', () => {
    fc.assert(
      fc.property(caseArb, ({ all, next }) => {
        const additions = all.map(({ quantity, serialNumber, from, to }) =>
          addition(quantity, from, to, { serialNumber }),
        )
        const answers = additions.flatMap((each, i): AdditionAnswer[] => {
          const { said = 'nothing', endsOn = '' } = all[i] ?? {}
          if (said === 'nobody' || said === 'stays') return [says(each, said)]
          return said === 'ends' ? [ends(each, endsOn)] : []
        })
        const over = {
          agreement: agreement({ nextInvoiceDate: next === null ? null : day(next) }),
          subscriptions: [stored(subscriptionId), stored(other)],
          additions,
          answers,
        }
        const changes = changesOf(planned(over)).filter(({ kind }) => kind !== 'keep')
        for (const answer of answers) {
          const of = changes.filter(
            (change) => 'additionId' in change && change.additionId === answer.additionId,
          )
          const before = additions.find(({ id }) => id === answer.additionId)
          // Answers to end do not count where this month's invoice explains the addition.
          if (answer.answer === 'ends' && before?.serialNumber === subscriptionId) continue
          if (answer.answer !== 'ends') expect(of).toEqual([])
          for (const change of of) {
            if (change.kind !== 'end') throw new Error(`${change.kind} of an addition that was to end`)
            if (next !== null) expect(nextDay(change.cancelledDate) >= next).toBe(true)
            expect(
              before?.cancelledDate === null || (before?.cancelledDate ?? '') > change.cancelledDate,
            ).toBe(true)
          }
        }
        expect(isNothingToWrite(plan(after(over)))).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type ChargedLines,
  type GuardInput,
  isSteady,
  judgeGuard,
  type RunningSubscription,
  runningSubscription,
} from './guard.ts'
import { isGood } from './held-back.ts'
import { subscriptionKey } from './keys.ts'
import { changesOf, plan } from './plan.ts'
import { simulate } from './simulate.ts'
import { addition, line, owned, situation, subscriptionId, usage } from './testing/factories.ts'
import type { Money, Quantity, Situation } from './types.ts'

/** `count` subscriptions of one tenant and agreement; the first `ended` are on no line. */
const some = (count: number, ended: number, tenantId = 'a', over: Partial<RunningSubscription> = {}) =>
  Array.from(
    { length: count },
    (_, at): RunningSubscription => ({
      subscriptionId: `${tenantId}-${at}`,
      tenantId,
      agreementId: 7,
      before: '10' as Money,
      after: (at < ended ? '0' : '10') as Money,
      endQuantity: (at < ended ? '0' : '1') as Quantity,
      ...over,
    }),
  )
const judge = (running: readonly RunningSubscription[], over: Partial<GuardInput> = {}) =>
  judgeGuard({
    running,
    tenantsOnInvoice: new Set(running.map(({ tenantId }) => tenantId)),
    endedShare: 0.3,
    totalShare: null,
    ...over,
  })
const waiting = (of: ReturnType<typeof judgeGuard>) =>
  of.waits.map(({ subscriptionId, reason }) => [subscriptionId, reason])

describe('the guard [F18]', () => {
  it('holds what would end where more than the share and at least five would', () => {
    expect(waiting(judge(some(16, 5)))).toEqual([0, 1, 2, 3, 4].map((at) => [`a-${at}`, 'many-end']))
    expect(judge(some(16, 5))).toMatchObject({ ended: 5, running: 16 })
    expect(judge(some(17, 5)).waits).toEqual([])
    expect(judge(some(5, 4)).waits).toEqual([])
  })

  it('counts over all agreements: 44 ends over 15 agreements of 58 subscriptions', () => {
    const running = Array.from({ length: 15 }, (_, at) =>
      some(at < 14 ? 4 : 2, at < 14 ? 3 : 2, `t${at}`, { agreementId: at }),
    ).flat()
    expect(judge(running).waits).toHaveLength(44)
  })

  it('is switched off by the owner, but not for a customer that vanished whole', () => {
    expect(judge(some(16, 16), { endedShare: null }).waits).toEqual([])
    expect(
      waiting(
        judge([...some(2, 2), ...some(40, 0, 'b')], { tenantsOnInvoice: new Set(['b']), endedShare: null }),
      ),
    ).toEqual([
      ['a-0', 'customer-absent'],
      ['a-1', 'customer-absent'],
    ])
  })

  it('holds what itself moves by more than the share where the total does', () => {
    const grown = some(2, 0, 'a', { after: '20' as Money })
    const same = some(3, 0, 'b')
    expect(waiting(judge([...grown, ...same], { totalShare: 0.3 }))).toEqual([
      ['a-0', 'total-moves'],
      ['a-1', 'total-moves'],
    ])
    expect(judge([...grown, ...same], { totalShare: 0.4 }).waits).toEqual([])
    expect(judge([...grown, ...same], { totalShare: 0.3 })).toMatchObject({
      totalBefore: '50',
      totalAfter: '70',
    })
  })

  it('sees several months in a row as one: four times less 20 % is less than half', () => {
    const backlog = some(10, 0, 'a', { after: '4.096' as Money })
    expect(judge(backlog, { totalShare: 0.3 }).waits).toHaveLength(10)
  })

  it('never holds what goes on as it was, and what waits does not depend on the order', () => {
    const subscription = fc.record({
      tenantId: fc.constantFrom('a', 'b', 'c'),
      before: fc.integer({ min: 1, max: 100 }),
      after: fc.integer({ min: 0, max: 200 }),
      ends: fc.boolean(),
    })
    fc.assert(
      fc.property(
        fc.array(subscription, { maxLength: 40 }),
        fc.double({ min: 0, max: 2, noNaN: true }),
        (all, share) => {
          const running = all.map(
            ({ tenantId, before, after, ends }, at): RunningSubscription => ({
              subscriptionId: `s${at}`,
              tenantId,
              agreementId: 1,
              before: `${before}` as Money,
              after: (ends ? '0' : `${after}`) as Money,
              endQuantity: (ends ? '0' : '1') as Quantity,
            }),
          )
          const shares = { endedShare: share, totalShare: share, tenantsOnInvoice: new Set(['a', 'b']) }
          const verdict = judge(running, shares)
          for (const { before, after } of verdict.waits) expect(before).not.toBe(after)
          const reversed = judge([...running].reverse(), shares)
          expect(new Set(waiting(reversed).map(String))).toEqual(new Set(waiting(verdict).map(String)))
        },
      ),
    )
  })
})

type Side = NonNullable<ChargedLines['before']>
const charged = (
  isAfter: boolean,
  { price = '50' as Money, quantityAtEnd = '5' as Quantity, ...over }: Partial<ChargedLines & Side> = {},
): ChargedLines => ({
  subscriptionId: 's',
  tenantId: 'a',
  agreementId: 7,
  before: isAfter ? null : { price, quantityAtEnd },
  after: isAfter ? { price, quantityAtEnd } : null,
  offerName: 'Business Premium',
  billingCycle: 'Monthly',
  termDuration: '1',
  termUnit: 'MONTHS',
  displayTemplate: '',
  ...over,
})
const years = { termUnit: 'YEARS' }
const nothing = '0' as Money & Quantity
const running = (lines: readonly ChargedLines[], annualTermsMonthly = false) => {
  const found = runningSubscription(lines, annualTermsMonthly)
  return found && [found.before, found.after, found.endQuantity]
}

describe('what a guard counts as running [F18]', () => {
  it('is what charged by the month and ran to the end of its last good month', () => {
    expect(running([charged(false), charged(true, { price: '80' as Money })])).toEqual(['50', '80', '5'])
    expect(running([charged(false)])).toEqual(['50', '0', '0'])
    expect(running([charged(false), charged(true, { quantityAtEnd: nothing })])).toEqual(['50', '50', '0'])
  })

  it('is nothing that charged 0.00, or that was over before', () => {
    expect(running([charged(false, { price: nothing })])).toBeNull()
    expect(running([charged(false, { quantityAtEnd: nothing })])).toBeNull()
    expect(running([charged(true)])).toBeNull()
    expect(running([])).toBeNull()
  })

  it('is neither Azure nor an annual term, unless those that are billed monthly sync', () => {
    expect(running([charged(false, { displayTemplate: 'Azure' })])).toBeNull()
    expect(running([charged(false, { offerName: 'Azure plan', displayTemplate: null })])).toBeNull()
    expect(running([charged(false, years)])).toBeNull()
    expect(running([charged(false, years)], true)).toEqual(['50', '0', '0'])
  })

  it('is nothing that became an annual term: its additions are not touched', () => {
    expect(running([charged(false), charged(true, years)])).toBeNull()
    expect(running([charged(false), charged(true, years)], true)).toEqual(['50', '50', '5'])
    expect(running([charged(false), charged(true, years), charged(true, { price: '9' as Money })])).toEqual([
      '50',
      '9',
      '5',
    ])
  })

  it('counts what goes on as it was with the others, listed or not', () => {
    const one = fc.record({ after: fc.integer({ min: 0, max: 20 }), ends: fc.boolean() })
    fc.assert(
      fc.property(
        fc.array(one, { maxLength: 30 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (all, share) => {
          const each = all.map(
            ({ after, ends }, at): RunningSubscription => ({
              subscriptionId: `s${at}`,
              tenantId: 'a',
              agreementId: 1,
              before: '10' as Money,
              after: `${ends ? 0 : after}` as Money,
              endQuantity: (ends ? '0' : '1') as Quantity,
            }),
          )
          const steady = each.filter(isSteady)
          const shares = { tenantsOnInvoice: new Set(['a']), endedShare: share, totalShare: share }
          const changed = each.filter((other) => !isSteady(other))
          const total = `${steady.length * 10}` as Money
          expect(
            judgeGuard({ running: changed, steady: { count: steady.length, total }, ...shares }),
          ).toEqual(judgeGuard({ running: each, ...shares }))
        },
      ),
    )
  })
})

describe('a subscription that a guard holds [F18]', () => {
  const june = addition(5, '2026-06-01')
  const other = 'B0000000-0000-4000-8000-000000000002'
  const guarded = {
    ...usage([line(2, '2026-09', 1, 30, { subscriptionId: other })]),
    guarded: { [subscriptionId.toLowerCase()]: 'many-end' as const },
  }
  const before = situation({
    additions: [june],
    owned: owned(june),
    latest: { [subscriptionId.toLowerCase()]: line(5, '2026-08', 1, 31) },
    usages: [guarded],
  })

  it('is not written, names its amounts, and lets everything else sync', () => {
    const [of] = plan(before).periods
    const held = of?.subscriptions.find(
      (row) => row.subscriptionId.toLowerCase() === subscriptionId.toLowerCase(),
    )
    expect(held).toMatchObject({
      status: 'Warning',
      waits: { question: 'guard', changes: [{ kind: 'end' }] },
    })
    expect(held?.findings[0]?.message).toContain('50.00 would become 0.00')
    expect(held && isGood(held)).toBe(false)
    expect(of && changesOf(of).flatMap(({ kind }) => (kind === 'keep' ? [] : [kind]))).toEqual(['create'])
    expect(of?.totals.terms).toEqual({ waiting: { cost: '-40', price: '-50' } })
  })

  const written = (over: Partial<Situation>): string[] => {
    const [of] = plan({ ...before, ...over }).periods
    return of ? changesOf(of).flatMap(({ kind }) => (kind === 'keep' ? [] : [kind])) : []
  }
  const yes = {
    subscriptionId: subscriptionKey(subscriptionId),
    period: guarded.period,
    question: 'guard',
  } as const

  it('is written once that is confirmed', () => {
    expect(written({ confirmed: [yes] })).toEqual(['end', 'create'])
  })

  it.each([
    ['another question', { ...yes, question: 'late' as const }],
    ['another month', { ...yes, period: '2026-08' as typeof yes.period }],
    ['another subscription', { ...yes, subscriptionId: subscriptionKey(other) }],
  ])('still waits after a yes to %s', (_, confirmation) => {
    expect(written({ confirmed: [confirmation] })).toEqual(['create'])
  })

  it('is not planned once the month is skipped, and is planned again when that is taken back', () => {
    expect(written({ skipped: { [yes.subscriptionId]: [guarded.period] } })).toEqual(['create'])
    expect(written({ skipped: {}, confirmed: [yes] })).toEqual(['end', 'create'])
  })

  it('holds back its later months as what waits, not as what failed', () => {
    const october = usage([line(1, '2026-10', 1, 31)], '2026-10')
    const [september, later] = plan({ ...before, usages: [...before.usages, october] }).periods
    const ofIt = (of: typeof later) =>
      of?.subscriptions.filter((row) => row.subscriptionId.toLowerCase() === yes.subscriptionId)
    expect(ofIt(september)).toMatchObject([{ status: 'Warning', waits: { question: 'guard' } }])
    expect(ofIt(later)).toMatchObject([
      {
        status: 'Warning',
        waits: { question: 'earlier', changes: [] },
        findings: [{ code: 'earlier-period-waits' }],
      },
    ])
    expect(later?.totals.failed.price).toBe('0')
  })

  it('asks no second time where a crash left half of what was confirmed: any part of it leads to the same end', () => {
    const first = addition(3, '2026-06-01')
    const second = addition(2, '2026-07-01')
    const start = {
      ...before,
      additions: [first, second],
      owned: owned(first, second),
      usages: [usage([line(1, '2026-09', 1, 14)])],
    }
    const writesOf = (situation: typeof start) => {
      const [of] = plan(situation).periods
      return of ? changesOf(of).filter(({ kind }) => kind !== 'keep') : []
    }
    const writes = writesOf(start)
    const end = JSON.stringify(simulate(start, writes).additions)
    expect(writes.length).toBeGreaterThan(2)
    for (let sent = 0; sent <= writes.length; sent += 1) {
      const half = { ...start, ...simulate(start, writes.slice(0, sent)) }
      const [of] = plan(half).periods
      expect(of?.subscriptions.flatMap(({ waits }) => waits ?? [])).toEqual([])
      expect(JSON.stringify(simulate(half, writesOf(half)).additions)).toBe(end)
    }
  })
})

/**
 * Customers that move from one agreement to another (E5; docs/billing-rules.md, "Moving and clearing"): one
 * sequence a group of tests. A is left, B takes over; 5 x 10.00, in arrears, unless said otherwise.
 */
import { describe, expect, it } from 'vitest'
import { bill } from './bill.ts'
import { closingsOf, membershipOf } from './moving.ts'
import { changesOf, isNothingToWrite, plan } from './plan.ts'
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
import { TwoAgreements } from './testing/two-agreements.ts'
import type { Change, InvoiceLine, MappedTenant, Period, PeriodPlan, Situation } from './types.ts'

const month = (text: string): Period => text as Period
const tenant = (over: Partial<MappedTenant> = {}): MappedTenant => ({
  id: tenantId,
  name: 'Coho Winery',
  syncs: true,
  ...over,
})
const daysIn = (period: string): number =>
  new Date(Date.UTC(Number(period.slice(0, 4)), Number(period.slice(5)), 0)).getUTCDate()
const whole = (quantity: number, period: string, over: Parameters<typeof line>[4] = {}): InvoiceLine =>
  line(quantity, period, 1, daysIn(period), over)
const shown = (changes: readonly Change[]): string[] =>
  changes.flatMap((change) => {
    if (change.kind === 'create')
      return [
        `${change.addition.quantity} ${change.addition.effectiveDate}..${change.addition.cancelledDate}`,
      ]
    if (change.kind === 'end') return [`end ${change.before.quantity} ${change.cancelledDate}`]
    return change.kind === 'keep'
      ? []
      : [`${change.kind} ${'before' in change ? change.before.quantity : ''}`]
  })
const writes = (planned: PeriodPlan): string[] => shown(changesOf(planned))

/** What an agreement bills of each month from August to December. */
const months = ['2026-08', '2026-09', '2026-10', '2026-11', '2026-12']
const bills = (two: TwoAgreements, name: string): string[] => {
  const { additions, agreement: of } = two.side(name)
  return months.map((each) => bill(additions, of, month(each)).total.price)
}

const five = () => addition(5, '2026-06-01')
const start = (additions = [five()], next = '2026-09-01'): TwoAgreements =>
  new TwoAgreements({
    A: situation({
      agreement: agreement({ nextInvoiceDate: day(next) }),
      additions,
      owned: owned(...additions),
    }),
    B: situation({ agreement: agreement({ id: 8, nextInvoiceDate: day(next) }), tenants: [] }),
  })
/** The customer leaves A with `until`, and B takes over with the month after. */
const move = (two: TwoAgreements, until: string, from: string): void => {
  two.tenants('A', [tenant({ until: month(until) })])
  two.tenants('B', [tenant({ from: month(from), takesOver: true })])
}

describe('the months of a customer that moves', () => {
  it('are those up to its last one there, and from its first one here', () => {
    const of = (stay: Partial<MappedTenant>) =>
      ['2026-07', '2026-09', '2026-10', '2026-12'].map((each) => membershipOf(tenant(stay), month(each)))
    expect(of({})).toEqual(['member', 'member', 'member', 'member'])
    expect(of({ until: month('2026-09') })).toEqual(['member', 'member', 'outside', 'outside'])
    expect(of({ from: month('2026-08'), until: month('2026-09') })).toEqual([
      'outside',
      'member',
      'outside',
      'outside',
    ])
    expect(of({ from: month('2026-10'), takesOver: true })).toEqual([
      'takes-over',
      'takes-over',
      'member',
      'member',
    ])
    expect(of({ from: month('2026-10') })).toEqual(['outside', 'outside', 'member', 'member'])
    expect(of({ until: month('2026-09'), returns: month('2026-12'), takesOver: true })).toEqual([
      'member',
      'member',
      'takes-over',
      'member',
    ])
  })
})

describe('a customer that moves after September was good on A [E5]', () => {
  const moved = (): TwoAgreements => {
    const two = start()
    two.issue(usage([whole(5, '2026-09')]))
    two.sync('A', month('2026-09'))
    move(two, '2026-09', '2026-10')
    return two
  }

  it('ends on A with September, and runs on with B from October: no day is billed twice', () => {
    const two = moved()
    expect(writes(two.sync('A', month('2026-09')))).toEqual(['end 5 2026-09-30'])
    expect(writes(two.sync('B', month('2026-09')))).toEqual(['5 2026-10-01..null'])
    expect(bills(two, 'A')).toEqual(['50', '50', '0', '0', '0'])
    expect(bills(two, 'B')).toEqual(['0', '0', '50', '50', '50'])
  })

  it('is settled by that: a second look writes nothing on either', () => {
    const two = moved()
    for (const name of ['A', 'B']) two.sync(name, month('2026-09'))
    for (const name of ['A', 'B']) expect(writes(two.sync(name, month('2026-09')))).toEqual([])
    expect(two.isLeft('A')).toBe(false)
  })

  it('takes October’s steps on B alone', () => {
    const two = moved()
    for (const name of ['A', 'B']) two.sync(name, month('2026-09'))
    two.issue(usage([line(5, '2026-10', 1, 15), line(8, '2026-10', 16, 31)], '2026-10'))
    expect(writes(two.sync('A', month('2026-10')))).toEqual([])
    expect(writes(two.sync('B', month('2026-10')))).toEqual([
      '3 2026-10-16..2026-10-31',
      'end 5 2026-10-31',
      '8 2026-11-01..null',
    ])
    expect(bills(two, 'A')).toEqual(['50', '50', '0', '0', '0'])
    expect(bills(two, 'B')).toEqual(['0', '0', '65.48', '80', '80'])
  })

  it('writes nothing on B while A could not be ended, and says what it bills there', () => {
    const two = moved()
    const id = subscriptionId.toLowerCase()
    const price = '50' as never
    two.set('B', { stillBilled: { [id]: { agreementName: 'Cloud services', additionIds: [7], price } } })
    const planned = two.sync('B', month('2026-09'))
    expect(writes(planned)).toEqual([])
    expect(planned.subscriptions).toMatchObject([{ status: 'Error', findings: [{ code: 'billed-twice' }] }])
  })

  it('that ended in PRISM before the move ends on A and begins nowhere', () => {
    const two = start()
    two.issue(usage([whole(5, '2026-08')], '2026-08'))
    two.sync('A', month('2026-08'))
    move(two, '2026-09', '2026-10')
    two.issue(usage([line(5, '2026-09', 1, 14)]))
    two.sync('A', month('2026-09'))
    expect(writes(two.sync('B', month('2026-09')))).toEqual([])
    expect(bills(two, 'A')).toEqual(['50', '23.35', '0', '0', '0'])
  })
})

describe('a customer that moves from an agreement that is billed in advance [E5]', () => {
  /** September good: 5 to the 15th, then 3; ConnectWise has invoiced October. */
  const advance = (): TwoAgreements => {
    const two = start([five()], '2026-11-01')
    two.issue(usage([line(5, '2026-09', 1, 15), line(3, '2026-09', 16, 30)]))
    expect(writes(two.sync('A', month('2026-09')))).toEqual([
      '-2 2026-09-16..2026-10-31',
      'end 5 2026-10-31',
      '3 2026-11-01..null',
    ])
    return two
  }

  it('leaves with October, which is invoiced: what starts in November is deleted, and nothing is credited', () => {
    const two = advance()
    move(two, '2026-10', '2026-11')
    expect(writes(two.sync('A', month('2026-09')))).toEqual(['delete 3'])
    expect(writes(two.sync('B', month('2026-09')))).toEqual(['3 2026-11-01..null'])
    expect(bills(two, 'A')).toEqual(['50', '40', '30', '0', '0'])
    expect(bills(two, 'B')).toEqual(['0', '0', '0', '30', '30'])
  })

  it('cancels what starts in November before it does, where nothing may be deleted [A6]', () => {
    const two = advance()
    move(two, '2026-10', '2026-11')
    two.set('A', { mayDelete: false })
    expect(writes(two.sync('A', month('2026-09')))).toEqual(['end 3 2026-10-31'])
    expect(bills(two, 'A')).toEqual(['50', '40', '30', '0', '0'])
  })

  it('still has October’s own invoice on A, and what it ends with on B', () => {
    const two = advance()
    move(two, '2026-10', '2026-11')
    for (const name of ['A', 'B']) two.sync(name, month('2026-09'))
    two.issue(usage([line(3, '2026-10', 1, 15), line(7, '2026-10', 16, 31)], '2026-10'))
    expect(writes(two.sync('A', month('2026-10')))).toEqual(['4 2026-10-16..2026-10-31'])
    expect(writes(two.sync('B', month('2026-10')))).toEqual(['4 2026-11-01..null'])
    expect(bills(two, 'A')).toEqual(['50', '40', '50.64', '0', '0'])
    expect(bills(two, 'B')).toEqual(['0', '0', '0', '70', '70'])
  })

  it('cancels before it starts what ConnectWise has invoiced, and says the amount', () => {
    const two = advance()
    move(two, '2026-10', '2026-11')
    two.invoice('A')
    const planned = two.sync('A', month('2026-09'))
    expect(writes(planned)).toEqual(['end 3 2026-10-31'])
    expect(planned.subscriptions.find(({ kind }) => kind === 'closing')).toMatchObject({
      status: 'Warning',
      findings: [{ code: 'moved-away' }, { code: 'billed-twice', message: expect.stringContaining('30.00') }],
    })
  })

  it('cancels what somebody else made, and ends what is bounded as well', () => {
    const theirs = addition(2, '2026-12-01')
    const bounded = addition(1, '2026-08-01', '2026-12-31')
    const of = situation({
      agreement: agreement({ nextInvoiceDate: day('2026-09-01') }),
      additions: [theirs, bounded],
      owned: [],
      tenants: [tenant({ until: month('2026-09') })],
    })
    expect(shown(closingsOf(of, tenant({ until: month('2026-09') })).map(({ change }) => change))).toEqual([
      'end 2 2026-11-30',
      'end 1 2026-09-30',
    ])
  })
})

// ───────────────────────────── Azure ─────────────────────────────

const azureId = 'A0A0A0A0-0000-4000-8000-00000000000'
const withAzure = (base: Situation, tenants: readonly MappedTenant[]): Situation => ({
  ...base,
  tenants,
  products: [product(), product('Azure plan')],
  catalog: [catalogItem(), catalogItem(2, 'Azure plan')],
  subscriptions: [1, 2].map((n) => ({
    id: `${azureId}${n}`,
    tenantId: `tenant-${n}`,
    productId: 'id-Azure plan',
    productName: 'Azure plan',
    displayTemplate: 'Azure',
  })),
})
const azure = (n: 1 | 2, amount: number, period: string): InvoiceLine =>
  whole(1, period, {
    subscriptionId: `${azureId}${n}`,
    tenantId: `tenant-${n}`,
    offerName: 'Azure plan',
    unit: [amount, amount],
  })

describe('a customer with Azure that moves away from another one’s agreement [E5]', () => {
  const second = tenant({ id: 'tenant-2' })
  const moved = (): TwoAgreements => {
    const two = start([])
    two.set('A', withAzure(two.side('A'), [tenant(), second]))
    two.set('B', withAzure(two.side('B'), []))
    two.issue(usage([azure(1, 120, '2026-09'), azure(2, 80, '2026-09')]))
    two.sync('A', month('2026-09'))
    two.tenants('A', [tenant({ until: month('2026-09') }), second])
    two.tenants('B', [tenant({ from: month('2026-10'), takesOver: true })])
    return two
  }

  it('leaves September’s Azure as it was: 200, and begins on B in October', () => {
    const two = moved()
    expect(writes(two.sync('A', month('2026-09')))).toEqual([])
    expect(writes(two.sync('B', month('2026-09')))).toEqual([])
    expect(bills(two, 'A')[1]).toBe('200')
    two.issue(usage([azure(1, 130, '2026-10'), azure(2, 90, '2026-10')], '2026-10'))
    two.sync('A', month('2026-10'))
    two.sync('B', month('2026-10'))
    expect(bills(two, 'A')).toEqual(['0', '200', '90', '0', '0'])
    expect(bills(two, 'B')).toEqual(['0', '0', '130', '0', '0'])
  })

  it('has September’s Azure on A also where its invoice comes after the move', () => {
    const two = start([])
    two.set('A', withAzure(two.side('A'), [tenant({ until: month('2026-09') }), second]))
    two.set('B', withAzure(two.side('B'), [tenant({ from: month('2026-10'), takesOver: true })]))
    two.issue(usage([azure(1, 120, '2026-09'), azure(2, 80, '2026-09')]))
    two.sync('A', month('2026-09'))
    two.sync('B', month('2026-09'))
    expect([bills(two, 'A')[1], bills(two, 'B')[1]]).toEqual(['200', '0'])
  })

  it('whose month is none of a customer’s that comes later: its Azure before is not written', () => {
    const two = start([])
    two.set('B', withAzure(two.side('B'), [second, tenant({ from: month('2026-10') })]))
    two.issue(usage([azure(1, 120, '2026-09'), azure(2, 80, '2026-09')]))
    two.sync('B', month('2026-09'))
    expect(bills(two, 'B')[1]).toBe('80')
  })
})

describe('a new agreement each year [E5]', () => {
  const ended = (): TwoAgreements => {
    const two = start()
    two.set('A', {
      agreement: agreement({
        nextInvoiceDate: day('2026-09-01'),
        endDate: day('2026-09-30'),
        status: 'Expired',
      }),
    })
    two.issue(usage([whole(5, '2026-08')], '2026-08'))
    two.sync('A', month('2026-08'))
    return two
  }

  it('takes September’s +3 on A, which ended, and 8 on B from October', () => {
    const two = ended()
    move(two, '2026-09', '2026-10')
    two.sync('A', month('2026-08'))
    two.issue(usage([line(5, '2026-09', 1, 15), line(8, '2026-09', 16, 30)]))
    expect(writes(two.sync('A', month('2026-09')))).toEqual(['3 2026-09-16..2026-09-30'])
    expect(writes(two.sync('B', month('2026-09')))).toEqual(['8 2026-10-01..null'])
    expect(bills(two, 'A')).toEqual(['50', '65', '0', '0', '0'])
    expect(bills(two, 'B')).toEqual(['0', '0', '80', '80', '80'])
  })

  it('follows August’s quantity on B until September’s invoice is there, and then September’s', () => {
    const two = ended()
    move(two, '2026-09', '2026-10')
    for (const name of ['A', 'B']) two.sync(name, month('2026-08'))
    expect(bills(two, 'B')).toEqual(['0', '0', '50', '50', '50'])
    two.issue(usage([line(5, '2026-09', 1, 15), line(2, '2026-09', 16, 30)]))
    for (const name of ['A', 'B']) two.sync(name, month('2026-09'))
    expect(bills(two, 'A')).toEqual(['50', '35', '0', '0', '0'])
    expect(bills(two, 'B')).toEqual(['0', '0', '20', '20', '20'])
  })

  it('is no error on the old one for a later month, which is none of it', () => {
    const two = ended()
    move(two, '2026-09', '2026-10')
    two.issue(usage([whole(5, '2026-10')], '2026-10'))
    const planned = two.sync('A', month('2026-10'))
    expect(planned.findings).toEqual([])
    expect(writes(planned)).toEqual(['end 5 2026-09-30'])
  })

  it('ends what is left on an agreement that may carry nothing any more', () => {
    const two = ended()
    move(two, '2026-09', '2026-10')
    const { agreement: of } = two.side('A')
    two.set('A', { agreement: { ...of, status: 'Inactive', endDate: null } })
    two.issue(usage([whole(5, '2026-09')]))
    const planned = two.sync('A', month('2026-09'))
    expect(planned.subscriptions.map(({ kind, status }) => `${kind} ${status}`)).toEqual([
      'subscription Error',
      'closing Success',
    ])
    expect(writes(planned)).toEqual(['end 5 2026-09-30'])
  })
})

describe('an addition without serial number of a customer that left [E5]', () => {
  const other = 'F1F1F1F1-0000-4000-8000-000000000002'
  const left = (listed: string): Situation => {
    const base = situation({
      agreement: agreement({ nextInvoiceDate: day('2026-09-01') }),
      additions: [addition(5, '2026-06-01', null, { serialNumber: '' })],
      tenants: [tenant({ id: 'tenant-2' })],
      usages: [usage([whole(3, '2026-09', { subscriptionId: other, tenantId: 'tenant-2' })])],
    })
    const [first] = base.subscriptions
    if (!first) throw new Error('a situation has a subscription')
    return {
      ...base,
      subscriptions: [
        { ...first, listedQuantity: listed as never },
        { ...first, id: other, tenantId: 'tenant-2' },
      ],
    }
  }
  const changes = (of: Situation): string[] => plan(of).periods.flatMap(writes)

  it('is not taken for another customer’s of the same product', () => {
    expect(changes(left('5'))).toEqual(['3 2026-09-01..null'])
  })

  it('is asked about where the one that left has none any more and it had been good here', () => {
    const of = left('0')
    const asked = plan({ ...of, good: { [subscriptionId.toLowerCase()]: [month('2026-08')] } })
    expect(asked.periods.flatMap(writes)).toEqual([])
    expect(asked.periods[0]?.subscriptions).toMatchObject([{ status: 'Error' }])
  })

  it('does not count a month that was good on another agreement as good here', () => {
    const of = left('0')
    const id = other.toLowerCase()
    const elsewhere = { [id]: [month('2026-08')] }
    const asked = plan({ ...of, good: elsewhere, goodElsewhere: elsewhere })
    expect(asked.periods.flatMap(writes)).toEqual([])
  })
})

describe('a mapping that goes back to where it was', () => {
  it('at once, keeps what is there and removes what it began on the other one', () => {
    const two = start()
    two.issue(usage([whole(5, '2026-09')]))
    two.sync('A', month('2026-09'))
    move(two, '2026-09', '2026-10')
    for (const name of ['A', 'B']) two.sync(name, month('2026-09'))
    two.tenants('A', [tenant({ until: month('2026-09'), returns: month('2026-10'), takesOver: true })])
    two.tenants('B', [tenant({ from: month('2026-10'), until: month('2026-09') })])
    expect(writes(two.sync('B', month('2026-09')))).toEqual(['delete 5'])
    expect(writes(two.sync('A', month('2026-09')))).toEqual(['5 2026-10-01..null'])
    expect(bills(two, 'A')).toEqual(['50', '50', '50', '50', '50'])
    expect(bills(two, 'B')).toEqual(['0', '0', '0', '0', '0'])
  })

  it('after two months, bills the months between on the other one only', () => {
    const two = start()
    two.issue(usage([whole(5, '2026-09')]))
    two.sync('A', month('2026-09'))
    move(two, '2026-09', '2026-10')
    for (const name of ['A', 'B']) two.sync(name, month('2026-09'))
    for (const period of ['2026-10', '2026-11']) {
      two.issue(usage([whole(5, period)], period))
      two.sync('B', month(period))
    }
    two.tenants('A', [tenant({ until: month('2026-09'), returns: month('2026-12'), takesOver: true })])
    two.tenants('B', [tenant({ from: month('2026-10'), until: month('2026-11') })])
    two.sync('B', month('2026-11'))
    two.sync('A', month('2026-11'))
    expect(bills(two, 'A')).toEqual(['50', '50', '0', '0', '50'])
    expect(bills(two, 'B')).toEqual(['0', '0', '50', '50', '0'])
    expect(two.isLeft('B')).toBe(false)
  })

  it('before the first move was ended, ends it for the months between all the same', () => {
    const two = start()
    two.issue(usage([whole(5, '2026-09')]))
    two.sync('A', month('2026-09'))
    two.tenants('A', [tenant({ until: month('2026-09'), returns: month('2026-12'), takesOver: true })])
    expect(two.isLeft('A')).toBe(true)
    two.sync('A', month('2026-09'))
    expect(bills(two, 'A')).toEqual(['50', '50', '0', '0', '0'])
    two.issue(usage([whole(5, '2026-10')], '2026-10'))
    two.sync('A', month('2026-10'))
    expect(bills(two, 'A')).toEqual(['50', '50', '0', '0', '50'])
    expect(two.isLeft('A')).toBe(false)
  })
})

describe('a mapping that comes back while what it left is still open [E5]', () => {
  const back = tenant({ until: month('2026-09'), returns: month('2026-12'), takesOver: true })
  const october = (open: Parameters<typeof addition>[3], isOurs: boolean): Situation => {
    const there = addition(5, '2026-06-01', null, open)
    return situation({
      agreement: agreement({ nextInvoiceDate: day('2026-10-01') }),
      additions: [there],
      owned: isOurs ? owned(there) : [],
      tenants: [back],
      usages: [usage([whole(5, '2026-10')], '2026-10')],
      good: { [subscriptionId.toLowerCase()]: [month('2026-09')] },
    })
  }

  it.each([
    ['ours', {}, true, []],
    ['made by hand, with its serial number', {}, false, []],
    ['made by hand, recognised by its product', { serialNumber: '' }, false, ['update 5']],
  ])('ends it for the months between and begins anew, in one plan: %s', (_, open, isOurs, adopted) => {
    const before = october(open, isOurs)
    const [of] = plan(before).periods
    const changes = of === undefined ? [] : changesOf(of)
    expect(shown(changes)).toEqual([...adopted, '5 2026-12-01..null', 'end 5 2026-09-30'])
    for (let cut = 0; cut <= changes.length; cut += 1) {
      const partly = { ...before, ...simulate(before, changes.slice(0, cut)) }
      const rest = plan(partly).periods.flatMap(changesOf)
      const after = { ...partly, ...simulate(partly, rest) }
      expect(isNothingToWrite(plan(after))).toBe(true)
      expect(
        ['2026-09', '2026-10', '2026-11', '2026-12'].map(
          (each) => bill(after.additions, after.agreement, month(each)).total.price,
        ),
      ).toEqual(['50', '0', '0', '50'])
    }
  })

  it('counts what ConnectWise has invoiced to its return, which is left as it is', () => {
    const before = october({}, true)
    const invoiced = { ...before, agreement: agreement({ nextInvoiceDate: day('2026-12-01') }) }
    expect(plan(invoiced).periods.flatMap(writes)).toEqual([])
  })
})

describe('a mapping that is cleared', () => {
  it('with an end, bills that month’s invoice to its end and nothing after it', () => {
    const two = start()
    two.tenants('A', [tenant({ until: month('2026-10') })])
    two.issue(usage([line(5, '2026-09', 1, 15), line(8, '2026-09', 16, 30)]))
    two.sync('A', month('2026-09'))
    expect(bills(two, 'A')).toEqual(['50', '65', '80', '0', '0'])
    two.issue(usage([whole(8, '2026-10')], '2026-10'))
    two.sync('A', month('2026-10'))
    two.issue(usage([whole(9, '2026-11')], '2026-11'))
    two.sync('A', month('2026-11'))
    expect(bills(two, 'A')).toEqual(['50', '65', '80', '0', '0'])
  })

  it('and left, is not touched: neither what is there, nor what the invoice has', () => {
    const two = start()
    two.tenants('A', [tenant({ until: month('2026-08'), leaves: true })])
    two.issue(usage([whole(8, '2026-09')]))
    const planned = two.sync('A', month('2026-09'))
    expect(isNothingToWrite({ agreementId: 7, periods: [planned] })).toBe(true)
    expect(bills(two, 'A')).toEqual(['50', '50', '50', '50', '50'])
  })
})

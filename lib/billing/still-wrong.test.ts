/** What is still wrong in ConnectWise (F5, F7, F9, F13, D4, D6, E5): said of each, and gone after the change that is named, not after less. */
import { describe, expect, it } from 'vitest'
import { plan } from './plan.ts'
import { stillBilledOf } from './takeover.ts'
import {
  addition,
  agreement,
  catalogItem,
  day,
  line,
  owned,
  period,
  product,
  situation,
  subscriptionId,
  tenantId,
  usage,
} from './testing/factories.ts'
import type { Addition, Finding, FindingCode, Quantity, Situation, Subscription } from './types.ts'

const whole = (over: Parameters<typeof line>[4] = {}) => line(5, '2026-09', 1, 30, over)
const september = (over: Partial<Situation>): Situation => situation({ usages: [usage([whole()])], ...over })
const foundIn = (of: Situation): Finding[] =>
  plan(of).periods.flatMap((each) => [
    ...each.findings,
    ...each.subscriptions.flatMap(({ findings }) => findings),
  ])
/** What is said of the finding; `null`: there is none. */
const said = (code: FindingCode, of: Situation): string | null => {
  const found = foundIn(of).find((each) => each.code === code)
  return found === undefined ? null : (found.stillWrong ?? '')
}
const held = (...additions: Addition[]): Situation => september({ additions })

const visio = { ...catalogItem(2, 'Visio') }
const withVisio = (additions: readonly Addition[], over: Partial<Situation> = {}): Situation =>
  september({
    additions,
    products: [product(), product('Visio')],
    catalog: [catalogItem(), visio],
    ...over,
  })

describe('what is still wrong in ConnectWise', () => {
  it('is said of a left-over by the day on which it ends, until that is the last one before the month [F9]', () => {
    const left = (end: string | null, from = '2026-06-01') =>
      said('leftover-addition', withVisio([addition(2, from, end, { serialNumber: '', catalogItemId: 2 })]))
    expect(left(null)).toBe('It has no end now; it must end by 31 Aug 2026.')
    expect(left('2026-09-30')).toBe('It ends 30 Sep 2026 now; it must end by 31 Aug 2026.')
    expect(left('2026-09-01')).toBe('It ends 1 Sep 2026 now; it must end by 31 Aug 2026.')
    expect(left('2026-08-31')).toBeNull()
    expect(left('2026-09-30', '2026-09-10')).toBe(
      'It ends 30 Sep 2026 now; it must end by 9 Sep 2026, the day before it starts.',
    )
    expect(left('2026-09-09', '2026-09-10')).toBeNull()
  })

  it('counts what ConnectWise has invoiced as over once its end is [F9]', () => {
    const left = addition(2, '2026-06-01', '2026-09-30', { serialNumber: '', catalogItemId: 2 })
    const invoiced = { agreement: agreement({ nextInvoiceDate: day('2026-10-01') }) }
    const read = { ...invoiced, invoices: [{ through: day('2026-09-30'), additions: [left] }] }
    expect(said('leftover-addition', withVisio([left], read))).toBe(
      'It ends 30 Sep 2026 now; it must end by 31 Aug 2026.',
    )
    const ended = { ...left, cancelledDate: day('2026-08-31') }
    expect(said('leftover-addition', withVisio([ended], read))).toBeNull()
  })

  it('is said of an addition that no invoice explains [F5]', () => {
    const other = 'B0000000-0000-4000-8000-000000000002'
    const listed: Subscription[] = [subscriptionId, other].map((id) => ({
      id,
      tenantId,
      productId: 'id-Business Premium',
      productName: 'Business Premium',
      displayTemplate: '',
    }))
    const never = (end: string | null) =>
      said(
        'addition-unknown',
        september({
          additions: [addition(3, '2026-06-01', end, { serialNumber: other })],
          subscriptions: listed,
        }),
      )
    expect(never('2026-10-31')).toBe('It ends 31 Oct 2026 now; it must end by 31 Aug 2026.')
    expect(never('2026-08-31')).toBeNull()
  })

  it('is said of a serial number that is no subscription’s [F5]', () => {
    const serial = (serialNumber: string) =>
      said('unknown-serial-number', held(addition(5, '2026-06-01', null, { serialNumber })))
    expect(serial('abc')).toBe(`Its Serial Number is abc now; it must be ${subscriptionId.toLowerCase()}.`)
    expect(serial('0f0f')).toMatch(/^Its Serial Number is 0f0f now/)
    expect(serial(subscriptionId)).toBeNull()
  })

  it('is said of quantities that do not tell whose additions are [F5]', () => {
    const bare = (quantity: number) => addition(quantity, '2026-06-01', null, { serialNumber: '' })
    const code = 'ambiguous-additions'
    expect(said(code, held(bare(7)))).toBe(
      'Its quantity is 7 on 1 Sep 2026 now; it must be 5, as PRISM invoices.',
    )
    expect(said(code, held(bare(6)))).toMatch(/^Its quantity is 6/)
    expect(said(code, held(bare(5)))).toBeNull()
    expect(said(code, held(bare(3), bare(4)))).toBe(
      'Their quantities on 1 Sep 2026 are 3 and 4 now; together they must be 5, as PRISM invoices.',
    )
    expect(said(code, held(bare(3), bare(2)))).toBeNull()
  })

  it('is said of quantities of several subscriptions [F5]', () => {
    const other = 'B0000000-0000-4000-8000-000000000002'
    const pair = (one: number, two: number) =>
      said(
        'ambiguous-additions',
        september({
          usages: [usage([whole(), line(3, '2026-09', 1, 30, { subscriptionId: other })])],
          subscriptions: [subscriptionId, other].map((id) => ({
            id,
            tenantId,
            productId: 'id-Business Premium',
            productName: 'Business Premium',
            displayTemplate: '',
          })),
          additions: [one, two].map((quantity) =>
            addition(quantity, '2026-06-01', null, { serialNumber: '' }),
          ),
        }),
      )
    expect(pair(4, 4)).toBe(
      'Their quantities on 1 Sep 2026 are 4 and 4 now, those of the subscriptions 5 and 3; each must have one that no other has, or its subscription’s id as Serial Number.',
    )
    expect(pair(5, 4)).not.toBeNull()
    expect(pair(5, 3)).toBeNull()
  })
})

describe('what is still wrong with the dates of additions [F7]', () => {
  const code = 'inconsistent-additions'
  const run = addition(5, '2026-06-01')

  it('is said of one that starts too late, until it starts the day after', () => {
    const later = (from: string, quantity = 5) =>
      said(code, september({ additions: [run, addition(quantity, from)], owned: owned(run) }))
    expect(later('2026-11-05')).toMatch(
      /^Addition \d+ starts 5 Nov 2026 now; it must start by 1 Oct 2026, or be deleted\.$/,
    )
    expect(later('2026-10-02')).toMatch(/^Addition \d+ starts 2 Oct 2026 now/)
    expect(later('2026-10-01')).toBeNull()
    expect(later('2026-10-01', 3)).toBe(
      'What starts 1 Oct 2026 makes 3 now, and all that runs then 8; either must be 5.',
    )
  })

  it('is said of one that ends inside a month', () => {
    const ends = (end: string) => said(code, held(addition(5, '2026-06-01', end)))
    expect(ends('2026-09-14')).toMatch(
      /^Addition \d+ ends 14 Sep 2026 now; it must end on the last day of a month, as 30 Sep 2026\.$/,
    )
    expect(ends('2026-09-29')).toMatch(/ends 29 Sep 2026 now/)
    expect(ends('2026-09-30')).toBeNull()
  })

  it('is said of one that leaves a gap before it', () => {
    const before = addition(5, '2026-06-01', '2026-09-30')
    const inAdvance = { agreement: agreement({ nextInvoiceDate: day('2026-11-01') }) }
    const after = (from: string) =>
      said(code, september({ additions: [before, addition(5, from)], owned: owned(before), ...inAdvance }))
    expect(after('2026-10-20')).toMatch(
      /^Addition \d+ starts 20 Oct 2026 now; it must start by 1 Oct 2026, or be deleted\.$/,
    )
    expect(after('2026-10-02')).not.toBeNull()
    expect(after('2026-10-01')).toBeNull()
  })
})

describe('what is still wrong around the additions', () => {
  it('is said of an agreement that ended before the month [F13]', () => {
    const ends = (endDate: string) =>
      said('agreement-unfit', september({ agreement: agreement({ endDate: day(endDate) }) }))
    expect(ends('2026-08-12')).toBe('Its Date End is 12 Aug 2026 now; it must be 1 Sep 2026 or later.')
    expect(ends('2026-08-31')).toBe('Its Date End is 31 Aug 2026 now; it must be 1 Sep 2026 or later.')
    expect(ends('2026-09-01')).toBeNull()
  })

  it('names the catalog items that have one Vendor SKU [D6]', () => {
    const having = (...identifiers: string[]) =>
      said(
        'multiple-products',
        september({
          catalog: identifiers.map((identifier, at) => catalogItem(at + 1, undefined, { identifier })),
        }),
      )
    expect(having('A', 'B', 'C')).toBe('A, B and C have it now; only one may.')
    expect(having('A', 'C')).toBe('A and C have it now; only one may.')
    expect(having('A')).toBeNull()
  })

  it('names the Vendor SKU that a retired product must have [D4]', () => {
    const items = (vendorSku: string) =>
      said(
        'product-retired',
        september({
          products: [product(undefined, { current: false })],
          catalog: [catalogItem(1, undefined, { vendorSku })],
        }),
      )
    expect(items('typed wrong')).toBe(
      'No catalog item has the Vendor SKU sku-Business Premium now; one must.',
    )
    expect(items('sku-Business Premium')).toBeNull()
  })

  it('is said of what bills a customer still where it was mapped [E5]', () => {
    const stillThere = (end: string | null) =>
      stillBilledOf(
        situation({ additions: [addition(5, '2026-06-01', end)], usages: [] }),
        tenantId,
        period('2026-08'),
      )
    const [still] = Object.values(stillThere('2026-11-30'))
    expect(still?.stillWrong).toBe('It ends 30 Nov 2026 now; it must end by 31 Aug 2026.')
    expect(stillThere('2026-08-31')).toEqual({})
    const id = subscriptionId.toLowerCase()
    expect(
      said('billed-twice', september({ stillBilled: { [id]: still } as Situation['stillBilled'] & object })),
    ).toBe(still?.stillWrong)
  })

  it('has both amounts of Azure usage that ConnectWise has invoiced otherwise [F3]', () => {
    const azure = whole({ offerName: 'Azure plan', quantity: '1' as Quantity })
    const of = (unitPrice: string) =>
      said(
        'azure-already-invoiced',
        september({
          agreement: agreement({ nextInvoiceDate: day('2026-10-01') }),
          usages: [usage([azure])],
          additions: [
            addition(1, '2026-09-01', '2026-09-30', {
              serialNumber: 'azure-2026-09',
              unitPrice: unitPrice as Addition['unitPrice'],
              unitCost: azure.cost,
            }),
          ],
        }),
      )
    expect(of('40')).toBe(`It bills 40.00 now; the invoice has ${azure.price}.00.`)
    expect(of(azure.price)).toBeNull()
  })
})

describe('an addition that starts after the month, and stands in its way [F7]', () => {
  const run = addition(5, '2026-06-01')
  const later = addition(3, '2026-11-05')
  const of = (answers: Situation['answers']): Situation =>
    september({ additions: [run, later], owned: owned(run), answers: answers ?? [] })
  const asked = (answers: Situation['answers']) =>
    foundIn(of(answers)).flatMap(({ asks = [] }) =>
      asks.map(({ additionId, quantity }) => [additionId, quantity]),
    )

  it('is asked about, and stands in no way any more once it is ended before it starts, or nobody’s', () => {
    expect(asked([])).toEqual([[later.id, '3']])
    const ends = { additionId: later.id, answer: 'ends', endsOn: day('2026-09-30') } as const
    expect(said('inconsistent-additions', of([ends]))).toBeNull()
    const changes = plan(of([ends])).periods.flatMap(({ subscriptions }) =>
      subscriptions.flatMap((row) => row.changes.filter(({ kind }) => kind === 'end')),
    )
    expect(changes).toMatchObject([{ additionId: later.id, cancelledDate: '2026-11-04' }])
    expect(said('inconsistent-additions', of([{ additionId: later.id, answer: 'nobody' }]))).toBeNull()
  })

  it('is not asked about where it ends inside the month, which the invoice explains', () => {
    const inside = held(addition(5, '2026-06-01', '2026-09-14'))
    expect(foundIn(inside).flatMap(({ asks = [] }) => asks)).toEqual([])
    expect(foundIn(inside)[0]?.remedy).toMatch(/^In ConnectWise, delete/)
  })
})

/**
 * Unknown is never zero: what ConnectWise lists and cannot be read is neither absent nor changed
 * (docs/billing-rules.md, "Unknown is never zero").
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addMonths } from './days.ts'
import { subscriptionKey } from './keys.ts'
import { changesOf, plan } from './plan.ts'
import { simulate } from './simulate.ts'
import {
  addition,
  catalogItem,
  day,
  line,
  owned,
  product,
  situation,
  subscriptionId,
  usage,
} from './testing/factories.ts'
import { edit, firstPeriod, historyArb, PrismHistory, startOf } from './testing/histories.ts'
import type { PeriodPlan, Situation, SubscriptionPlan, UnreadableAddition, UnreadableItem } from './types.ts'

const other = 'B0000000-0000-4000-8000-000000000002'
const planned = (over: Partial<Situation>): PeriodPlan =>
  plan(situation(over)).periods[0] ?? expect.fail('no period')
const writes = (of: PeriodPlan): string[] =>
  changesOf(of)
    .filter(({ kind }) => kind !== 'keep')
    .map(({ kind }) => kind)
const statuses = ({ subscriptions }: PeriodPlan) =>
  Object.fromEntries(subscriptions.map((row) => [row.subscriptionId || row.kind, row.status]))

const odd = (over: Partial<UnreadableAddition> = {}): UnreadableAddition => ({
  id: 500,
  record: 'addition 500',
  reason: 'Unit Price is not understood',
  serialNumber: subscriptionId.toLowerCase(),
  catalogItemId: 1,
  cancelledDate: null,
  ...over,
})
const said = 'An addition of the agreement cannot be read (addition 500): Unit Price is not understood'

/** Two subscriptions of two products, nothing in ConnectWise but what a test adds. */
const two = (over: Partial<Situation> = {}): Partial<Situation> => ({
  usages: [
    usage([
      line(5, '2026-09', 1, 30),
      line(3, '2026-09', 1, 30, { subscriptionId: other, offerName: 'Visio (NCE Product)' }),
    ]),
  ],
  subscriptions: [
    ...situation().subscriptions,
    { ...situation().subscriptions[0], id: other, productId: 'id-Visio', productName: 'Visio' } as never,
  ],
  products: [product(), product('Visio')],
  catalog: [catalogItem(), catalogItem(2, 'Visio')],
  ...over,
})

describe('an addition that cannot be read', () => {
  it.each<[string, Partial<UnreadableAddition>]>([
    ['its serial number', {}],
    ['its serial number, its product unknown', { catalogItemId: null }],
    ['its product, where it has no serial number', { serialNumber: '' }],
    ['its product, where its serial number cannot be read', { serialNumber: null }],
    ['its product, where its serial number is nobody’s', { serialNumber: 'old-7' }],
  ])('makes its subscription an Error by %s, and the others go on', (_what, over) => {
    const of = planned(two({ unreadableAdditions: [odd(over)] }))
    expect(statuses(of)).toEqual({ [subscriptionId]: 'Error', [other]: 'Success' })
    expect(writes(of)).toEqual(['create'])
    const row = of.subscriptions.find((each) => each.subscriptionId === subscriptionId)
    expect(row?.findings).toMatchObject([{ code: 'addition-unreadable', message: said, additionIds: [500] }])
    expect(of.findings).toEqual([])
  })

  it.each<[string, Partial<UnreadableAddition>]>([
    ['neither serial number nor product', { serialNumber: null, catalogItemId: null }],
    ['no serial number and an unreadable product', { serialNumber: '', catalogItemId: null }],
    ['a product that nobody knows', { serialNumber: '', catalogItemId: 77 }],
    ['nobody’s serial number and no product', { serialNumber: 'old-7', catalogItemId: null, id: null }],
  ])('with %s stops the whole agreement, which names it', (_what, over) => {
    const of = planned(two({ additions: [addition(4, '2026-06-01')], unreadableAdditions: [odd(over)] }))
    expect(statuses(of)).toEqual({ [subscriptionId]: 'Error', [other]: 'Error' })
    expect(writes(of)).toEqual([])
    expect(of.findings).toMatchObject([{ severity: 'error', message: said }])
  })

  it.each<[string, Partial<UnreadableAddition>]>([
    ['belongs to a subscription mapped elsewhere', { serialNumber: 'foreign-1' }],
    ['has a product that nobody is invoiced', { serialNumber: '', catalogItemId: 3 }],
  ])('stops nobody where it %s, and is listed', (_what, over) => {
    const catalog = [catalogItem(), catalogItem(2, 'Visio'), catalogItem(3, 'Support')]
    const foreignSubscriptionIds = [subscriptionKey('foreign-1')]
    const of = planned(two({ catalog, foreignSubscriptionIds, unreadableAdditions: [odd(over)] }))
    expect(statuses(of)).toEqual({ [subscriptionId]: 'Success', [other]: 'Success' })
    expect(of.findings).toMatchObject([{ severity: 'warning', message: said }])
  })

  it('that was over before the usage month stops nobody', () => {
    const before = odd({ serialNumber: null, catalogItemId: null, cancelledDate: day('2026-08-31') })
    expect(statuses(planned(two({ unreadableAdditions: [before] })))).toEqual({
      [subscriptionId]: 'Success',
      [other]: 'Success',
    })
    const within = { ...before, cancelledDate: day('2026-09-01') }
    expect(writes(planned(two({ unreadableAdditions: [within] })))).toEqual([])
  })

  it('is an Error also where nothing else is left of its subscription: it is not gone', () => {
    const before = usage([line(5, '2026-08', 1, 31)], '2026-08')
    const of = planned({ usages: [usage([])], previous: before, unreadableAdditions: [odd()] })
    expect(of.subscriptions).toMatchObject([{ subscriptionId, status: 'Error', changes: [] }])
  })

  describe('makes the quantities of its product tell nothing', () => {
    const before = usage([line(5, '2026-08', 1, 31)], '2026-08')
    const rest = addition(2, '2026-06-01', null, { serialNumber: '' })
    const rows = (over: Partial<Situation>) =>
      planned({ usages: [usage([])], previous: before, additions: [rest], ...over }).subscriptions.map(
        ({ kind, status, billed, changes }) => [kind, status, billed.price, changes.length],
      )

    it.each<[string, Partial<UnreadableAddition>]>([
      ['its serial number', {}],
      ['its serial number, its product unknown', { catalogItemId: null }],
      ['its product alone', { serialNumber: '' }],
      ['nothing', { serialNumber: null, catalogItemId: null }],
    ])(
      'where it is of a subscription that is on no line any more, by %s: the others stay with it',
      (_by, over) => {
        expect(rows({ unreadableAdditions: [odd(over)] })).toEqual([['subscription', 'Error', '20', 0]])
      },
    )

    it('but not those of another product', () => {
      const catalog = [catalogItem(), catalogItem(2, 'Visio')]
      const products = [product(), product('Visio')]
      expect(rows({ catalog, products, unreadableAdditions: [odd({ catalogItemId: 2 })] })).toEqual([
        ['subscription', 'Error', '0', 0],
        ['addition', 'Warning', '20', 0],
      ])
    })

    it('where two subscriptions have the product: which of them has the others is not known', () => {
      const lines = [line(5, '2026-09', 1, 30), line(2, '2026-09', 1, 30, { subscriptionId: other })]
      const over = { usages: [usage(lines)], previous: null }
      expect(rows({ ...over, unreadableAdditions: [odd()] })).toEqual([
        ['subscription', 'Error', '20', 0],
        ['subscription', 'Error', '0', 0],
      ])
      const five = addition(5, '2026-06-01')
      expect(rows({ ...over, additions: [rest, five] }).map(([, status]) => status)).not.toContain('Error')
    })
  })

  it('goes by a person’s decision', () => {
    const its = [{ additionId: 500, answer: 'subscription', subscriptionId: other }] as const
    const nobodys = [{ additionId: 500, answer: 'nobody' }] as const
    const unknown = [odd({ serialNumber: 'old-7', catalogItemId: null })]
    expect(statuses(planned(two({ unreadableAdditions: unknown, answers: its })))).toEqual({
      [subscriptionId]: 'Success',
      [other]: 'Error',
    })
    expect(writes(planned(two({ unreadableAdditions: unknown, answers: nobodys })))).toHaveLength(2)
  })

  it('may be the agreement’s Azure usage: then that is not written', () => {
    const azure = line(1, '2026-09', 1, 30, { subscriptionId: other, offerName: 'Azure plan' })
    const of = (over: Partial<UnreadableAddition>) =>
      planned({
        ...two({ usages: [usage([line(5, '2026-09', 1, 30), azure])] }),
        subscriptions: situation().subscriptions,
        products: [product(), product('Azure plan')],
        catalog: [catalogItem(), catalogItem(2, 'Azure plan')],
        unreadableAdditions: [odd(over)],
      })
    for (const over of [
      { serialNumber: 'azure-2026-09' },
      { serialNumber: null, catalogItemId: 2 },
      { serialNumber: other },
    ])
      expect(statuses(of(over))).toEqual({ [subscriptionId]: 'Success', azure: 'Error' })
    expect(statuses(of({}))).toEqual({ [subscriptionId]: 'Error', azure: 'Success' })
  })
})

describe('a product that cannot be read', () => {
  const oddItem = (over: Partial<UnreadableItem> = {}): UnreadableItem => ({
    id: 9,
    record: 'SKU-9',
    reason: 'Taxable is not understood',
    vendorSku: ' SKU-Business premium ',
    ...over,
  })

  it('is not created a second time', () => {
    const of = planned(two({ catalog: [catalogItem(2, 'Visio')], unreadableItems: [oddItem()] }))
    expect(of.catalogItems).toEqual([])
    expect(statuses(of)).toEqual({ [subscriptionId]: 'Error', [other]: 'Success' })
    expect(of.subscriptions.flatMap(({ findings }) => findings)).toMatchObject([
      {
        code: 'product-unreadable',
        message: expect.stringContaining("the Vendor SKU 'sku-Business Premium'"),
      },
    ])
  })

  it('may be any that is missing where its SKU cannot be read; those that are there go on', () => {
    const unreadableItems = [oddItem({ vendorSku: null })]
    const of = planned(two({ catalog: [catalogItem(2, 'Visio')], unreadableItems }))
    expect([of.catalogItems, statuses(of)]).toEqual([[], { [subscriptionId]: 'Error', [other]: 'Success' }])
    expect(statuses(planned(two({ unreadableItems })))).toEqual({
      [subscriptionId]: 'Success',
      [other]: 'Success',
    })
  })

  it('of an addition does not make that gone', () => {
    const held = addition(5, '2026-06-01', null, { catalogItemId: 9 })
    const of = planned({
      usages: [usage([])],
      additions: [held],
      owned: owned(held),
      unreadableItems: [oddItem({ vendorSku: null })],
    })
    expect(of.subscriptions).toMatchObject([{ status: 'Error', findings: [{ code: 'product-unreadable' }] }])
    expect(writes(of)).toEqual([])
  })
})

describe('for every history, of whose additions one cannot be read', () => {
  const serialOf = (change: ReturnType<typeof changesOf>[number]): string =>
    change.kind === 'create' ? subscriptionKey(change.addition.serialNumber) : ''
  const rowsOfOthers = ({ subscriptions }: PeriodPlan, serialNumber: string): SubscriptionPlan[] =>
    subscriptions.filter(({ subscriptionId: id }) => subscriptionKey(id) !== subscriptionKey(serialNumber))
  const isUnserialed = ({ kind, subscriptionId }: SubscriptionPlan): boolean =>
    kind === 'addition' && subscriptionId === ''
  const additionOf = ({ findings }: SubscriptionPlan) => findings[0]?.additionIds[0]

  it('that one is never changed, nothing is written for whoever it may belong to, and the others are as if it could be', () => {
    let concerned = 0
    fc.assert(
      fc.property(
        historyArb,
        fc.nat(20),
        fc.constantFrom('serial', 'product', 'neither'),
        (history, pick, known) => {
          const prism = new PrismHistory()
          let current = startOf(history)
          history.months.forEach((month, at) => {
            const period = addMonths(firstPeriod, at)
            const before: Situation = {
              ...current,
              usages: [{ period, invoiceId: period, lines: prism.invoice(period, month) }],
            }
            const [whole] = plan(before).periods
            const hidden = before.additions[pick % Math.max(1, before.additions.length)]
            if (hidden !== undefined) {
              concerned += 1
              const serialNumber = known === 'serial' ? hidden.serialNumber : known === 'product' ? '' : null
              const unreadable = odd({
                id: hidden.id,
                serialNumber,
                catalogItemId: known === 'product' ? hidden.catalogItemId : null,
                cancelledDate: hidden.cancelledDate,
              })
              const additions = before.additions.filter((each) => each !== hidden)
              const [of] = plan({ ...before, additions, unreadableAdditions: [unreadable] }).periods
              if (!of || !whole) throw new Error('a usage gives a period')
              const changes = changesOf(of)
              for (const change of changes) {
                if ('additionId' in change && change.additionId === hidden.id)
                  throw new Error('it is changed')
                if (
                  known === 'serial' &&
                  hidden.serialNumber !== '' &&
                  serialOf(change) === subscriptionKey(hidden.serialNumber)
                )
                  if (unreadable.cancelledDate === null || unreadable.cancelledDate >= `${period}-01`)
                    throw new Error('its subscription is written to')
              }
              const isOver = hidden.cancelledDate !== null && hidden.cancelledDate < `${period}-01`
              if (known === 'neither' && !isOver && changes.length > 0)
                throw new Error('the agreement is written to')
              if (known === 'serial' && hidden.serialNumber !== '' && !isOver) {
                const rest = rowsOfOthers(whole, hidden.serialNumber)
                const now = rowsOfOthers(of, hidden.serialNumber)
                const staysWithIt = (row: SubscriptionPlan) =>
                  isUnserialed(row) && !now.some((each) => additionOf(each) === additionOf(row))
                expect(now).toEqual(rest.filter((row) => !staysWithIt(row)))
              }
            }
            prism.close(month)
            let { additions } = simulate(before, whole ? changesOf(whole) : [])
            for (const change of month.edits) additions = edit(additions, change, period)
            current = {
              ...simulate(before, whole ? changesOf(whole) : []),
              additions,
              previous: before.usages[0] ?? null,
            }
          })
        },
      ),
      { numRuns: Number(process.env['HISTORIES'] ?? 40) },
    )
    expect(concerned).toBeGreaterThan(50)
  })
})

/** The month over PRISM's whole file (J5): examples, what must hold for any, and whole organisations over months. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isAzure } from '#lib/billing/classify.ts'
import { addPair, amount, decimal, pair, subtractPair, sumPairs, zeroPair } from '#lib/billing/decimal.ts'
import { type SubscriptionKey, subscriptionKey } from '#lib/billing/keys.ts'
import {
  emptyReconciliation,
  reconcileAs,
  reconcileFailed,
  totalReconciliation,
} from '#lib/billing/reconcile.ts'
import { isBeforeStart } from '#lib/billing/start.ts'
import { fileOf } from '#lib/billing/testing/world-prism.ts'
import { worldArb, worldMonths } from '#lib/billing/testing/world-story.ts'
import { type Synced, World } from '#lib/billing/testing/worlds.ts'
import type {
  Amount,
  IgnoredLine,
  InvoiceLine,
  Money,
  Period,
  PeriodPlan,
  Reconciliation,
  SubscriptionPlan,
} from '#lib/billing/types.ts'
import { type BillRow, billOf, type MonthBill, rowsAfter, rowsHere, totalOf, type Unplanned } from './bill.ts'
import {
  type Equation,
  type Invoiced,
  type MonthFacts,
  monthOf,
  type OfNobody,
  type Standing,
} from './month.ts'
import { type MonthTerm, monthTerms, TermSums } from './terms.ts'

const period = '2026-09' as Period
const of = (cents: number): Amount => {
  const price = (cents / 100).toFixed(2) as Money
  return { price, cost: (Math.round(cents * 0.8) / 100).toFixed(2) as Money }
}
const zero = amount(zeroPair)

const row = (
  id: string,
  tenantId: string,
  reconciliation: Reconciliation,
  more: Partial<SubscriptionPlan> = {},
) =>
  ({
    kind: 'subscription',
    subscriptionId: id,
    tenantId,
    product: { productId: '', sku: '', name: '', catalogItemId: null },
    status: 'Success',
    findings: [],
    changes: [],
    quantityBefore: '0',
    steps: [],
    invoiced: reconciliation.invoiced,
    billed: reconciliation.billed,
    reconciliation,
    ...more,
  }) as SubscriptionPlan

const agreed = (value: Amount): Reconciliation => ({ ...emptyReconciliation, invoiced: value, billed: value })

const planOf = (
  rows: SubscriptionPlan[],
  ignored: [string, IgnoredLine['reason'], Amount][] = [],
): PeriodPlan => ({
  period,
  invoiceId: 'i',
  catalogItems: [],
  findings: [],
  subscriptions: rows,
  ignored: ignored.map(([tenantId, reason, value]) => ({
    subscriptionId: `ignored of ${tenantId}`,
    tenantId,
    offerName: '',
    reason,
    first: '2026-09-01' as never,
    last: '2026-09-30' as never,
    amount: value,
  })),
  totals: totalReconciliation([
    ...rows.map(({ reconciliation }) => reconciliation),
    ...ignored.map(([, , value]) => ({ ...emptyReconciliation, invoiced: value, ignored: value })),
  ]),
})

interface Beside {
  readonly unowned?: Record<string, Amount>
  readonly before?: readonly BillRow[]
  readonly stays?: (id: SubscriptionKey) => boolean
  readonly unplanned?: readonly Unplanned[]
  readonly azure?: ReadonlySet<SubscriptionKey>
}
const rowsOf = (
  plan: PeriodPlan,
  { unowned = {}, before = [], stays = () => true, unplanned = [], azure = new Set() }: Beside = {},
): BillRow[] =>
  rowsAfter({
    plan,
    before,
    stays,
    unplanned,
    azure,
    unowned: new Map(Object.entries(unowned).map(([id, value]) => [subscriptionKey(id), value])),
  })
const bill = (plan: PeriodPlan, beside: Beside = {}): MonthBill => billOf(rowsOf(plan, beside))

const nobody: MonthFacts['nobodys'] = { unclaimed: zero, contested: zero, nobodysLines: zero, badLines: zero }

/** That it comes out exactly, as a difference that is 0. */
const left = ({ invoiced, billed, terms }: Pick<Equation, 'invoiced' | 'billed' | 'terms'>): Amount =>
  amount(subtractPair(subtractPair(pair(invoiced), pair(billed)), new TermSums().addAll(terms).total))

describe('a bill', () => {
  it('has each term of its plan, the reasons of what is ignored, and whose lines it has [J5]', () => {
    const plan = planOf(
      [
        row('s-1', 't-1', agreed(of(1000))),
        row('s-2', 't-1', reconcileFailed(pair(of(500)), zeroPair), { status: 'Error' }),
        row('s-3', 't-2', reconcileAs('waiting', pair(of(300)), zeroPair), {
          waits: { question: 'late', changes: [] },
        }),
        row('', '', reconcileAs('leftOver', zeroPair, pair(of(70))), { kind: 'leftover' }),
      ],
      [
        ['t-1', 'annual', of(40)],
        ['t-3', 'tenant-off', of(20)],
        ['t-2', 'azure-off', of(10)],
      ],
    )
    expect(bill(plan)).toMatchObject({
      invoiced: { price: '18.7' },
      billed: { price: '10.7' },
      terms: {
        failed: { price: '5' },
        waiting: { price: '3' },
        leftOver: { price: '-0.7' },
        annual: { price: '0.4' },
        syncOff: { price: '0.2' },
        azureOff: { price: '0.1' },
      },
      failing: 1,
      waiting: 1,
      tenantIds: ['t-1', 't-2', 't-3'],
    })
    expect(left(bill(plan))).toEqual(zero)
  })

  it('counts what its plan has beside its rows, as lines that name no subscription [F1]', () => {
    const plan = planOf([row('s-1', 't-1', agreed(of(1000)))])
    const totals = totalReconciliation([plan.totals, reconcileFailed(pair(of(99)), zeroPair)])
    expect(bill({ ...plan, totals })).toMatchObject({
      invoiced: { price: '10.99' },
      terms: { failed: { price: '0.99' } },
    })
  })

  it('keeps what an earlier plan said of subscriptions that a part of the month leaves out [F12]', () => {
    const failed = row('s-2', 't-1', reconcileFailed(pair(of(500)), zeroPair), { status: 'Error' })
    const before = rowsOf(planOf([row('s-1', 't-1', agreed(of(1000))), failed]))
    const again = planOf([row('S-2', 't-1', agreed(of(500)))])
    expect(bill(again, { before })).toMatchObject({ invoiced: { price: '15' }, terms: {}, failing: 0 })
    expect(bill(again, { before, stays: () => false })).toMatchObject({ invoiced: { price: '5' } })
    const takesOver = row('s-1', 't-1', emptyReconciliation, {
      findings: [{ code: 'takes-over' } as SubscriptionPlan['findings'][number]],
    })
    expect(bill(planOf([takesOver]), { before })).toMatchObject({ invoiced: { price: '15' }, failing: 1 })
  })

  it('counts lines that several customers have a claim to once, whoever has a row of them', () => {
    const contested = { code: 'line-contested', severity: 'error' } as SubscriptionPlan['findings'][number]
    const failed = (billed: number) => reconcileFailed(pair(of(300)), pair(of(billed)))
    const bills = [120, 0].map((billed, at) => ({
      agreementId: at + 1,
      ...bill(planOf([row('s-1', `t-${at}`, failed(billed), { status: 'Error', findings: [contested] })]), {
        unowned: { 's-1': of(300) },
      }),
    }))
    const { equation } = monthOf({
      total: of(300),
      customers: [],
      nobodys: { ...nobody, contested: of(300) },
      bills,
    })
    expect(equation).toMatchObject({ billed: { price: '1.2' }, terms: { contested: { price: '1.8' } } })
    expect(Object.keys(equation.terms)).toEqual(['contested'])
  })

  it('takes them where all who have a claim are on the agreement', () => {
    const own = bill(planOf([row('s-1', 't-1', agreed(of(300)))]), { unowned: { 's-1': of(300) } })
    expect(own).toMatchObject({ taken: { price: '3' }, tenantIds: [] })
    const { equation, parts } = monthOf({
      total: of(300),
      customers: [],
      nobodys: { ...nobody, contested: of(300) },
      bills: [{ agreementId: 1, ...own }],
    })
    expect(equation).toMatchObject({ billed: { price: '3' }, terms: {} })
    expect(parts.map((part) => part.bill)).toEqual(['agreement/1'])
  })

  it('is without annual invoices, which are no part of the file', () => {
    const annual = row('s-9', 't-1', agreed(of(9000)), { kind: 'annual' })
    expect(bill(planOf([row('s-1', 't-1', agreed(of(1000))), annual]))).toMatchObject({
      invoiced: { price: '10' },
    })
  })
})

// ───────────────────────────── any month ─────────────────────────────

const cents = fc.integer({ min: -20_000, max: 90_000 })
const standings = ['unmapped', 'neverMapped', 'syncOff', 'beforeStart', 'failed', 'notSynced'] as const
const nobodys = ['unclaimed', 'contested', 'nobodysLines', 'badLines'] as const
const customerArb = fc.record({
  /** What each of its subscriptions is invoiced, and bills. */
  subscriptions: fc.array(
    fc.record({
      invoiced: cents,
      billed: cents,
      how: fc.constantFrom('agreed', 'failed', 'waiting', 'skipped', 'annual'),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  agreement: fc.constantFrom(1, 2, 3, null),
  standing: fc.constantFrom<Standing>(...standings),
})
const monthArb = fc.record({
  customers: fc.array(customerArb, { maxLength: 12 }),
  nobodys: fc.record({ unclaimed: cents, contested: cents, nobodysLines: cents, badLines: cents }),
})
type AnyMonth = typeof monthArb extends fc.Arbitrary<infer T> ? T : never

const factsOf = (month: AnyMonth): MonthFacts => {
  const named = month.customers.map((each, at) => ({ ...each, tenantId: `t-${at}` }))
  const bills = [1, 2, 3].flatMap((agreementId) => {
    const here = named.filter(({ agreement }) => agreement === agreementId)
    if (here.length === 0) return []
    const rows = here.flatMap(({ tenantId, subscriptions }) =>
      subscriptions.flatMap(({ invoiced, billed, how }, at) => {
        const id = `${tenantId}/${at}`
        if (how === 'annual') return []
        if (how === 'agreed') return row(id, tenantId, agreed(of(invoiced)))
        const [one, other] = [pair(of(invoiced)), pair(of(billed))]
        return row(
          id,
          tenantId,
          how === 'failed' ? reconcileFailed(one, other) : reconcileAs(how, one, other),
        )
      }),
    )
    const annual = here.flatMap(({ tenantId, subscriptions }) =>
      subscriptions
        .filter(({ how }) => how === 'annual')
        .map(({ invoiced }): [string, 'annual', Amount] => [tenantId, 'annual', of(invoiced)]),
    )
    return [{ agreementId, ...bill(planOf(rows, annual)) }]
  })
  const customers = named.map(
    ({ tenantId, subscriptions, agreement, standing }): Invoiced => ({
      tenantId,
      lines: totalOf(subscriptions.map(({ invoiced }) => of(invoiced))),
      agreementId: agreement,
      standing,
    }),
  )
  const open = Object.fromEntries(
    nobodys.map((term) => [term, of(month.nobodys[term])]),
  ) as MonthFacts['nobodys']
  return {
    customers,
    nobodys: open,
    bills,
    total: totalOf([...customers.map(({ lines }) => lines), ...Object.values(open)]),
  }
}

describe('any month', () => {
  it('comes out exactly, price and cost, and its parts are the whole [J5]', () => {
    fc.assert(
      fc.property(monthArb, (month) => {
        const facts = factsOf(month)
        const { equation, parts } = monthOf(facts)
        expect(left(equation)).toEqual(zero)
        expect(equation.terms.unexplained).toBeUndefined()
        for (const part of parts) expect(left(part)).toEqual(zero)
        expect(totalOf(parts.map(({ invoiced }) => invoiced))).toEqual(amount(pair(facts.total)))
        expect(totalOf(parts.map(({ billed }) => billed))).toEqual(equation.billed)
      }),
      { numRuns: 500 },
    )
  })

  it('has what no agreement bills in its own term, with its own amount [J5]', () => {
    const injected = fc.record({
      cents: fc.integer({ min: 1, max: 90_000 }),
      term: fc.constantFrom(...standings, ...nobodys),
    })
    fc.assert(
      fc.property(monthArb, injected, (month, { cents: added, term }) => {
        const facts = factsOf(month)
        const standing = standings.find((each) => each === term)
        const value = of(added)
        const more: MonthFacts =
          standing === undefined
            ? {
                ...facts,
                nobodys: { ...facts.nobodys, [term]: totalOf([facts.nobodys[term as OfNobody], value]) },
                total: totalOf([facts.total, value]),
              }
            : {
                ...facts,
                customers: [
                  ...facts.customers,
                  { tenantId: 'injected', lines: value, agreementId: null, standing },
                ],
                total: totalOf([facts.total, value]),
              }
        const [was, is] = [monthOf(facts).equation, monthOf(more).equation]
        for (const each of monthTerms) {
          const gap = subtractPair(pair(is.terms[each] ?? zero), pair(was.terms[each] ?? zero))
          expect(amount(gap)).toEqual(amount(each === term ? pair(value) : zeroPair))
        }
        expect(is.billed).toEqual(was.billed)
      }),
      { numRuns: 500 },
    )
  })

  it('says what its file has beyond its parts as unexplained, as its total is told apart', () => {
    fc.assert(
      fc.property(monthArb, fc.integer({ min: 1, max: 5000 }), (month, lost) => {
        const facts = factsOf(month)
        const { terms } = monthOf({ ...facts, total: totalOf([facts.total, of(lost)]) }).equation
        expect(terms.unexplained).toEqual(amount(pair(of(lost))))
      }),
    )
  })
})

// ───────────────────────────── whole organisations ─────────────────────────────

const isGoodIn = (world: World, id: SubscriptionKey, month: Period, agreement?: number): boolean =>
  world.memory.states.some(
    (each) =>
      each.id === id &&
      each.period === month &&
      each.is === 'good' &&
      (agreement === undefined || each.agreement === agreement),
  )

const unplannedOf = (
  world: World,
  agreement: 0 | 1,
  month: Period,
  lines: readonly InvoiceLine[],
): Unplanned[] =>
  [...world.memory.starts[agreement]].flatMap(([id, start]) => {
    const own = lines.filter((each) => subscriptionKey(each.subscriptionId) === id)
    if (own.length === 0 || (start !== 'elsewhere' && !isBeforeStart(start, month))) return []
    return {
      subscriptionId: subscriptionKey(id),
      tenantId: own[0]?.tenantId ?? '',
      term: start === 'elsewhere' ? 'billedElsewhere' : 'beforeStart',
      lines: totalOf(own),
    }
  })

const azureIn = (lines: readonly InvoiceLine[]): Set<SubscriptionKey> =>
  new Set(
    lines.flatMap((each) => (isAzure(undefined, each.offerName) ? subscriptionKey(each.subscriptionId) : [])),
  )

/** What all plans of an agreement's month come to, in their order. */
const foldOf = (
  plans: readonly Synced[],
  isPart: (at: number) => boolean,
  isGoodHere: (id: SubscriptionKey) => boolean,
  beside: Pick<Beside, 'unplanned' | 'azure'>,
): BillRow[] | null =>
  plans.reduce<BillRow[] | null>(
    (before, { planned }, at) =>
      rowsOf(planned, { before: before ?? [], stays: (id) => isPart(at) || isGoodHere(id), ...beside }),
    null,
  )

const billsOf = (world: World, month: Period, file: readonly InvoiceLine[]): MonthFacts['bills'] =>
  ([0, 1] as const).flatMap((agreement) => {
    const own = world.synced.filter((each) => each.agreement === agreement)
    const plans = own.flatMap((each, at) => (each.period === month ? [{ each, at }] : []))
    const isPart = (at: number): boolean =>
      own.slice(0, (plans[at]?.at ?? 0) + 1).some(({ period: other }) => other > month)
    const folded = foldOf(
      plans.map(({ each }) => each),
      isPart,
      (id) => isGoodIn(world, id, month, agreement),
      { unplanned: unplannedOf(world, agreement, month, file), azure: azureIn(file) },
    )
    if (folded === null) return []
    const { mappings, former } = world.memory
    const stays = [
      ...[...mappings.values()].map((each) => ({ ...each, lastPeriod: null })),
      ...former,
    ].flatMap(({ tenant, agreement: at, firstPeriod: from, lastPeriod: until }) =>
      at === agreement ? [{ tenantId: tenant, from, until }] : [],
    )
    return [{ agreementId: agreement, ...billOf(rowsHere(folded, month, stays)) }]
  })

/**
 * Where a customer moves more than once, or moves and somebody is billed elsewhere, has a subscription of another or shares Azure
 * usage, a line may be in what both agreements say: it is taken off once, as not synced.
 */
const isTangled = ({ tenants }: World['story']): boolean =>
  tenants.some(({ moves }) => moves.length > 1) ||
  (tenants.some(({ moves }) => moves.length > 0) &&
    tenants.some(
      ({ begin, subscriptions }) =>
        begin === 'elsewhere' ||
        subscriptions.some(({ tenantFrom, kind }) => tenantFrom !== null || kind === 'azure'),
    ))

describe('whole organisations', () => {
  const numRuns = Number(process.env['WORLDS'] ?? 200)
  it('are told to the cent, and what is good is billed or named in a plan [J5]', {
    timeout: 60_000 + numRuns * 200,
  }, () => {
    let months = 0
    fc.assert(
      fc.property(worldArb, (story) => {
        const world = new World(story).live()
        for (let month = 0; month < worldMonths; month += 1) {
          const file = fileOf(world.subscriptions, month)
          const bills = billsOf(world, file.period, file.lines)
          const byTenant = Map.groupBy(file.lines, ({ tenantId }) => tenantId)
          const customers = [...byTenant].map(
            ([tenantId, lines]): Invoiced => ({
              tenantId,
              lines: totalOf(lines),
              agreementId: world.memory.mappings.get(tenantId)?.agreement ?? null,
              standing: world.memory.mappings.has(tenantId) ? 'notSynced' : 'unmapped',
            }),
          )
          const { equation } = monthOf({ total: totalOf(file.lines), customers, nobodys: nobody, bills })
          expect(left(equation)).toEqual(zero)
          expect(decimal(equation.terms.unexplained?.price ?? '0').toFixed()).toBe('0')
          if (isTangled(story)) continue
          if (file.invoiced.every(({ id }) => isGoodIn(world, subscriptionKey(id), file.period))) {
            months += 1
            expect([file.period, equation.terms.notSynced]).toEqual([file.period, undefined])
          }
        }
      }),
      { numRuns, seed: Number(process.env['SEED'] ?? 1) },
    )
    expect(months).toBeGreaterThan(numRuns / 4)
  })
})

it('has a place for every term', () => {
  const all: readonly MonthTerm[] = monthTerms
  expect(new Set(all).size).toBe(all.length)
  expect(all[0]).toBe('unexplained')
  expect(sumPairs([pair(zero), addPair(zeroPair, zeroPair)])).toEqual(zeroPair)
})

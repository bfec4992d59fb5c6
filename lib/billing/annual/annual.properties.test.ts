/**
 * What must hold for annual invoices of any lines (docs/billing-rules.md, "Annual invoices"), with ConnectWise's invoice as the stand-in's
 * own engine makes it. `ANNUAL` sets how many are tried, of each property, default 250; `SEED` repeats one run.
 */
import Big from 'big.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addMonths, firstDay } from '../days.ts'
import { decimal } from '../decimal.ts'
import { changesOf, isNothingToWrite } from '../plan.ts'
import { remainder } from '../reconcile.ts'
import { annualInvoice, annualLine, annualSituation, oneTimeAgreement, writtenTo } from '../testing/annual.ts'
import { catalogItem, day, product, subscriptionId, tenantId } from '../testing/factories.ts'
import { billedOnce } from '../testing/mixed-agreements.ts'
import { writesIn } from '../testing/plan-writes.ts'
import type { Addition, Amount, Change, Money, Period, PeriodPlan, Quantity } from '../types.ts'
import type { AnnualInvoice, AnnualSituation, LineAnswer } from './annual-situation.ts'
import { planAnnual } from './plan-annual.ts'

const numRuns = Number(process.env.ANNUAL ?? 250)
const seed = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

const offers = ['Business Premium', 'E3'] as const
const ids = [subscriptionId, 'b0000000-0000-4000-8000-000000000002', 'c0000000-0000-4000-8000-000000000003']

const lineArb = fc.record({
  id: fc.nat(2),
  offer: fc.nat(1),
  seats: fc.integer({ min: 0, max: 40 }),
  isCredit: fc.boolean(),
  /** In hundredths of a cent. */
  cost: fc.integer({ min: 0, max: 9_999_999 }),
  price: fc.integer({ min: 0, max: 9_999_999 }),
  days: fc.oneof(fc.constant(365), fc.integer({ min: 1, max: 365 })),
  month: fc.nat(11),
})
type LineStory = typeof lineArb extends fc.Arbitrary<infer T> ? T : never

const lineOf = (each: LineStory) =>
  annualLine(
    each.isCredit ? -each.seats : each.seats,
    firstDay(addMonths('2026-09' as Period, each.month)),
    '2027-08-31',
    {
      subscriptionId: ids[each.id] ?? subscriptionId,
      offerName: `${offers[each.offer]} (NCE Product)`,
      unit: [each.cost / 10_000, each.price / 10_000],
      days: each.days,
    },
  )

const editArb = fc.record({
  which: fc.nat(30),
  what: fc.constantFrom('price', 'quantity', 'included', 'not billed', 'end', 'delete'),
  to: fc.integer({ min: 0, max: 50 }),
})

const storyArb = fc.record({
  invoices: fc.array(fc.array(lineArb, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 3 }),
  /** A line that the first invoice has once more. */
  twice: fc.boolean(),
  /** What the first invoice is corrected to: lines that stay, and others. */
  corrected: fc.record({
    stay: fc.array(fc.boolean(), { maxLength: 6 }),
    others: fc.array(lineArb, { maxLength: 3 }),
  }),
  cuts: fc.array(fc.nat(30), { minLength: 1, maxLength: 3 }),
  edits: fc.array(editArb, { maxLength: 3 }),
})
type Story = typeof storyArb extends fc.Arbitrary<infer T> ? T : never

const invoicesOf = ({ invoices, twice }: Story): AnnualInvoice[] =>
  invoices.map((lines, index) =>
    annualInvoice((index === 0 && twice ? [...lines, ...lines.slice(0, 1)] : lines).map(lineOf), {
      invoiceId: `${90_000 + index}`,
      issuedOn: day(`2026-10-1${index}`),
    }),
  )

const correctedOf = (story: Story, [first, ...others]: readonly AnnualInvoice[]): AnnualInvoice[] => {
  if (first === undefined) return []
  const stay = first.lines.filter((_, index) => story.corrected.stay[index] ?? true)
  const { invoiceId, issuedOn } = first
  return [annualInvoice([...stay, ...story.corrected.others.map(lineOf)], { invoiceId, issuedOn }), ...others]
}

const situationOf = (invoices: readonly AnnualInvoice[]): AnnualSituation =>
  annualSituation(invoices, {
    products: offers.map((name) => product(name)),
    catalog: offers.map((name, index) => catalogItem(index + 1, name)),
    subscriptions: ids.map((id) => ({
      id,
      tenantId,
      productId: `id-${offers[0]}`,
      productName: offers[0],
      displayTemplate: '',
    })),
  })

/** A person says yes to all that is asked, until nothing is. */
const answered = (situation: AnnualSituation): AnnualSituation => {
  let current = situation
  for (let round = 0; round < 4; round += 1) {
    const asked = planAnnual(current).periods.flatMap(askedIn)
    if (asked.length === 0) return current
    current = { ...current, lineAnswers: [...(current.lineAnswers ?? []), ...asked] }
  }
  return current
}
const askedIn = ({ subscriptions }: PeriodPlan): LineAnswer[] =>
  subscriptions.flatMap(({ askedLines = [] }) => askedLines.map(({ line }) => ({ line, says: 'carry' })))

const sumOf = (amounts: readonly Amount[]): Amount => ({
  cost: decimalSum(amounts.map(({ cost }) => cost)),
  price: decimalSum(amounts.map(({ price }) => price)),
})
const decimalSum = (values: readonly string[]): Money =>
  values.reduce((sum, value) => sum.plus(value), new Big(0)).toFixed() as Money
const isSame = (a: Amount, b: Amount): boolean => decimal(a.cost).eq(b.cost) && decimal(a.price).eq(b.price)

const asSet = (additions: readonly Addition[]): string =>
  additions
    .map(({ id: _, ...each }) => JSON.stringify(each))
    .sort()
    .join('\n')

const must = (isTrue: boolean, message: () => string): void => {
  if (!isTrue) throw new Error(message())
}

/** Each cent has a name, and what the plan says of the bill is what the engine bills. */
const explains = (situation: AnnualSituation, additions: readonly Addition[]): void => {
  const { periods } = planAnnual(situation)
  for (const { totals, subscriptions } of periods)
    for (const row of [totals, ...subscriptions.map(({ reconciliation }) => reconciliation)]) {
      const left = remainder(row)
      must(
        isSame(left, { cost: '0' as Money, price: '0' as Money }),
        () => `left ${JSON.stringify(left)} of ${JSON.stringify(row)}`,
      )
      must(
        decimal(row.unexplained.price).eq(0) && decimal(row.unexplained.cost).eq(0),
        () => `unexplained ${JSON.stringify(row)}`,
      )
    }
  const billed = sumOf(periods.map(({ totals }) => totals.billed))
  const engine = billedOnce(additions)
  must(isSame(billed, engine), () => `planned ${JSON.stringify(billed)}, billed ${JSON.stringify(engine)}`)
}

const edit = (additions: readonly Addition[], edits: Story['edits']): readonly Addition[] =>
  edits.reduce<readonly Addition[]>((all, { which, what, to }) => {
    const at = which % Math.max(1, all.length)
    return all.flatMap((each, index) => {
      if (index !== at) return [each]
      switch (what) {
        case 'price':
          return [{ ...each, unitPrice: `${to}.5` as Money }]
        case 'quantity':
          return [{ ...each, quantity: `${to}` as Quantity }]
        case 'included':
          return [{ ...each, lessIncluded: '1' as Quantity }]
        case 'not billed':
          return [{ ...each, billCustomer: 'DoNotBill' as const }]
        case 'end':
          return [{ ...each, cancelledDate: day('2026-01-31') }]
        case 'delete':
          return []
      }
    })
  }, additions)

const writesOf = (situation: AnnualSituation): Change[] => writesIn(planAnnual(situation))

const throughout = (name: string, check: (story: Story) => void): void => {
  it(name, { timeout: 60_000 + numRuns * 100 }, () => {
    fc.assert(fc.property(storyArb, check), { numRuns, ...seed })
  })
}

describe('Whatever annual invoices have', () => {
  throughout(
    'their additions sum to their totals to the cent, price and cost, once every question is answered [J9]',
    (story) => {
      const after = writtenTo(answered(situationOf(invoicesOf(story))))
      const invoiced = sumOf(after.invoices.flatMap(({ lines }) => lines))
      const billed = billedOnce(after.additions)
      must(
        isSame(invoiced, billed),
        () => `invoiced ${JSON.stringify(invoiced)}, billed ${JSON.stringify(billed)}`,
      )
      explains(after, after.additions)
    },
  )

  throughout('what is not written has a name, before and after [J9]', (story) => {
    const before = situationOf(invoicesOf(story))
    const after = writtenTo(before)
    explains(before, after.additions)
    explains(after, after.additions)
  })

  throughout('a second plan writes nothing, and asks the same [J9]', (story) => {
    const before = situationOf(invoicesOf(story))
    const after = writtenTo(before)
    must(isNothingToWrite(planAnnual(after)), () => JSON.stringify(writesOf(after)))
    const asked = (of: AnnualSituation): string => JSON.stringify(planAnnual(of).periods.map(askedIn))
    must(asked(after) === asked(before), () => `${asked(after)} instead of ${asked(before)}`)
  })

  throughout('every part of a plan leads to the same additions [J9]', (story) => {
    const before = answered(situationOf(invoicesOf(story)))
    const whole = writtenTo(before)
    const howMany = planAnnual(before).periods.flatMap(changesOf).length
    let current = before
    for (const cut of story.cuts) current = writtenTo(current, cut % (howMany + 1))
    const rest = writtenTo(current)
    must(
      asSet(rest.additions) === asSet(whole.additions),
      () => `${asSet(rest.additions)}\n\n${asSet(whole.additions)}`,
    )
  })

  throughout(
    'a plan that is cut short bills each line once, though ConnectWise invoices before the rest [J9]',
    (story) => {
      const before = answered(situationOf(invoicesOf(story)))
      const howMany = planAnnual(before).periods.flatMap(changesOf).length
      let current = before
      for (const [index, cut] of story.cuts.entries()) {
        const part = writtenTo(current, cut % (howMany + 1))
        current = { ...part, agreement: oneTimeAgreement({ nextInvoiceDate: day(`2026-11-0${index + 1}`) }) }
      }
      const rest = writtenTo(current)
      const invoiced = sumOf(rest.invoices.flatMap(({ lines }) => lines))
      const billed = billedOnce(rest.additions)
      must(
        isSame(invoiced, billed),
        () => `invoiced ${JSON.stringify(invoiced)}, billed ${JSON.stringify(billed)}`,
      )
      must(isNothingToWrite(planAnnual(rest)), () => JSON.stringify(writesOf(rest)))
    },
  )

  throughout('the order of lines and invoices does not matter [J9]', (story) => {
    const before = situationOf(invoicesOf(story))
    const turned = {
      ...before,
      invoices: before.invoices.map((each) => ({ ...each, lines: [...each.lines].reverse() })).reverse(),
    }
    must(asSet(writtenTo(turned).additions) === asSet(writtenTo(before).additions), () => 'other additions')
  })

  throughout('what people changed or deleted stays as it is, with its name [F19]', (story) => {
    const after = writtenTo(answered(situationOf(invoicesOf(story))))
    const edited = { ...after, additions: edit(after.additions, story.edits) }
    must(writesOf(edited).length === 0, () => JSON.stringify(writesOf(edited)))
    explains(edited, edited.additions)
  })

  throughout('a corrected one that was picked bills what it charges, and back [J9]', (story) => {
    const first = invoicesOf(story)
    const after = writtenTo(answered(situationOf(first)))
    for (const invoices of [correctedOf(story, first), first]) {
      const picked = writtenTo(answered({ ...after, invoices }))
      const invoiced = sumOf(invoices.flatMap(({ lines }) => lines))
      const billed = billedOnce(picked.additions)
      must(
        isSame(invoiced, billed),
        () => `invoiced ${JSON.stringify(invoiced)}, billed ${JSON.stringify(billed)}`,
      )
      must(isNothingToWrite(planAnnual(picked)), () => JSON.stringify(writesOf(picked)))
    }
  })

  throughout('one that was corrected after people’s edits is explained, and planned once [F19]', (story) => {
    const first = invoicesOf(story)
    const after = writtenTo(answered(situationOf(first)))
    const edited = { ...after, additions: edit(after.additions, story.edits) }
    const picked = writtenTo({ ...edited, invoices: correctedOf(story, first) })
    must(isNothingToWrite(planAnnual(picked)), () => JSON.stringify(writesOf(picked)))
    explains(picked, picked.additions)
  })

  it('is what the stories are meant to show: credits, lines twice, amounts that quantity and price do not make', () => {
    const seen = { credit: 0, asked: 0, own: 0, amount: 0, twice: 0, takenBack: 0 }
    for (const story of fc.sample(storyArb, { numRuns: 200, seed: 1 })) {
      const before = situationOf(invoicesOf(story))
      if (planAnnual(before).periods.flatMap(askedIn).length > 0) seen.asked++
      if (story.twice) seen.twice++
      const after = answered(before)
      const creates = planAnnual(after)
        .periods.flatMap(changesOf)
        .filter((change) => change.kind === 'create')
      if (creates.some(({ addition }) => addition.quantity.startsWith('-'))) seen.credit++
      if (creates.some(({ addition }) => Math.abs(Number(addition.quantity)) > 1)) seen.own++
      if (creates.some(({ addition }) => Math.abs(Number(addition.quantity)) === 1)) seen.amount++
      const corrected = { ...writtenTo(after), invoices: correctedOf(story, before.invoices) }
      if (writesOf(corrected).some(({ reason }) => reason.rule === 'annual-taken-back')) seen.takenBack++
    }
    for (const [what, count] of Object.entries(seen)) expect(count, what).toBeGreaterThan(20)
  })
})

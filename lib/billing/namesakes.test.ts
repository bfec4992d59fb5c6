import { describe, expect, it } from 'vitest'
import { isCalled } from './called.ts'
import { cutoverQuestions, withAnswers } from './cutover-questions.ts'
import { cutoverReview, whatDoubles } from './cutover-review.ts'
import { subscriptionKey } from './keys.ts'
import { changesOf, plan } from './plan.ts'
import {
  addition,
  agreement,
  catalogItem,
  day,
  line,
  period,
  product,
  situation,
  subscriptionId,
  tenantId,
  usage,
} from './testing/factories.ts'
import type { Addition, CatalogItem, Situation } from './types.ts'

const byHand = (identifier: string, over: Partial<CatalogItem> = {}) =>
  catalogItem(6, 'x', { identifier, vendorSku: '', ...over })
const bills = (over: Partial<Addition> = {}) =>
  addition(5, '2026-06-01', null, { serialNumber: '', catalogItemId: 6, ...over })
const world = (item: CatalogItem, over: Partial<Situation> = {}): Situation =>
  situation({
    products: [product()],
    catalog: [catalogItem(1), item],
    usages: [usage([line(5, '2026-09', 1, 30)])],
    additions: [bills()],
    ...over,
  })
const created = (whole: Situation) =>
  plan(whole)
    .periods.flatMap(changesOf)
    .filter(({ kind }) => kind === 'create')
const codes = (whole: Situation) =>
  plan(whole).periods.flatMap(({ subscriptions }) =>
    subscriptions.flatMap(({ findings }) => findings.map(({ code }) => code)),
  )
const reviewOf = (whole: Situation) => cutoverReview(whole, plan(whole)) ?? expect.unreachable()

describe('a text of a clerk', () => {
  const of = { name: 'Microsoft 365 Business Premium (NCE Product)', sku: 'CFQ7TTC0LCHC:0002' }
  it.each([
    'microsoft 365 – business premium',
    'Microsoft 365 Business Premium',
    'MS CFQ7TTC0LCHC:0002 monthly',
  ])('names the product: %s', (text) => expect(isCalled([text], of)).toBe(true))
  it.each(['', '-', 'Microsoft 365', 'Microsoft 365 Business Premium Backup', 'Support'])(
    'does not name it: %s',
    (text) => expect(isCalled([text], of)).toBe(false),
  )
  it('names it where it was cut at 60 characters', () => {
    const long = 'Microsoft Defender for Office 365 and everything that goes with it for all'
    expect(isCalled([long.slice(0, 60)], { name: long, sku: '' })).toBe(true)
    expect(isCalled([long.slice(0, 40)], { name: long, sku: '' })).toBe(false)
  })
})

describe('an addition of an item that nothing links, called as a product that begins here [J8]', () => {
  it('holds the subscription back until somebody says what it is, and nothing is created beside it', () => {
    const whole = world(byHand('BUSINESS-PREMIUM'))
    expect([created(whole), codes(whole)]).toEqual([[], ['ambiguous-additions']])
    const { additions } = reviewOf(whole)
    expect(additions).toMatchObject([
      { fate: 'blocked', isNamesake: true, actions: ['subscription', 'ends', 'nobody'] },
    ])
    expect(whatDoubles(reviewOf(whole))).toHaveLength(1)
  })

  it('holds it back by its invoice description, and with the subscription’s own id', () => {
    const bySentence = world(byHand('CLOUD-1'), {
      additions: [bills({ invoiceDescription: 'Business Premium' })],
    })
    expect(created(bySentence)).toEqual([])
    expect(
      created(world(byHand('Business Premium'), { additions: [bills({ serialNumber: subscriptionId })] })),
    ).toEqual([])
  })

  it.each([
    ['is called otherwise', world(byHand('Support'))],
    [
      'is linked, and then adopted',
      world(byHand('Business Premium', { vendorSku: 'other' }), { additions: [bills({ catalogItemId: 1 })] }),
    ],
    [
      'ended before',
      world(byHand('Business Premium'), { additions: [bills({ cancelledDate: day('2026-08-31') })] }),
    ],
    [
      'is beside one that bills it',
      world(byHand('Business Premium'), { additions: [bills(), addition(5, '2026-06-01')] }),
    ],
    [
      'is of a customer that is billed elsewhere',
      world(byHand('Business Premium'), {
        tenants: [
          { id: tenantId, name: 'Coho', syncs: true, firstSync: { begin: 'elsewhere', isChosen: true } },
        ],
      }),
    ],
  ])('asks nothing where it %s', (_, whole) => expect(codes(whole)).not.toContain('ambiguous-additions'))

  it('asks nothing of a subscription that was synced before [F9]', () => {
    const good = { [subscriptionKey(subscriptionId)]: [period('2026-08')] }
    const whole = world(byHand('Business Premium'), { good })
    expect(codes(whole)).not.toContain('ambiguous-additions')
    expect(created(whole)).toHaveLength(1)
  })

  it.each(['next', 'catch-up'] as const)('asks whatever was said of how the customer begins: %s', (begin) => {
    const firstSync = { begin, isChosen: true }
    const whole = world(byHand('Business Premium'), {
      agreement: agreement({ nextInvoiceDate: day('2026-10-01') }),
      tenants: [{ id: tenantId, name: 'Coho', syncs: true, firstSync }],
    })
    expect([created(whole), codes(whole)]).toEqual([[], ['ambiguous-additions']])
  })

  it('is one question for many, of which each answer settles it and says what is billed then', () => {
    const whole = world(byHand('Business Premium'))
    const [question, ...others] = cutoverQuestions(whole, reviewOf(whole))
    if (question === undefined) throw new Error('It is asked')
    expect(others).toEqual([])
    expect(question).toMatchObject({
      kind: 'bills-one',
      subscriptionId: subscriptionKey(subscriptionId),
      monthly: '50',
      endsFrom: '2026-08-31',
      answers: [
        { answer: 'subscription', bills: '50', open: 0 },
        { answer: 'ends', bills: '50', open: 0 },
        { answer: 'nobody', bills: '100', open: 0 },
      ],
    })
    for (const { answer } of question.answers) {
      const then = withAnswers(whole, [{ question, answer }])
      expect(codes(then), answer).not.toContain('ambiguous-additions')
    }
  })
})

describe('the questions of a review', () => {
  it('are of the kind whose answer settles them', () => {
    const kinds = (whole: Situation) => cutoverQuestions(whole, reviewOf(whole)).map(({ kind }) => kind)
    const one = (over: Partial<Addition>) =>
      world(byHand('Support'), {
        additions: [addition(7, '2026-06-01', null, { serialNumber: '', ...over })],
      })
    expect(kinds(one({}))).toEqual(['bills-one'])
    expect(kinds(one({ serialNumber: 'PO-1' }))).toEqual(['bills-one'])
    // It starts only later: that it bills the subscription would settle nothing.
    expect(kinds(one({ effectiveDate: day('2026-12-01') }))).toEqual(['beside'])
    const other = product('Visio')
    const left = world(catalogItem(6, 'Visio'), { products: [product(), other] })
    expect(kinds(left)).toEqual(['beside'])
  })

  it('ask once how a customer begins, with what PRISM charges for all of it', () => {
    const whole = world(byHand('Support'), {
      additions: [],
      agreement: agreement({ nextInvoiceDate: day('2026-10-01') }),
      tenants: [{ id: tenantId, name: 'Coho', syncs: true, firstSync: { begin: 'next', isChosen: false } }],
    })
    expect(cutoverQuestions(whole, reviewOf(whole))).toMatchObject([
      {
        kind: 'begins',
        tenantId,
        additionId: null,
        monthly: '50',
        answers: [
          { answer: 'next', open: 0 },
          { answer: 'catch-up', open: 0 },
          { answer: 'elsewhere', open: 0 },
        ],
      },
    ])
  })
})

/** Generated customers' annual invoices, planned as they come, and what ConnectWise's own engine makes of the additions (J9). */
import { describe, expect, it } from 'vitest'
import { annualTerms, type CustomerTerms } from '#standin/generator/annual-terms.ts'
import { generateConnectWise } from '#standin/generator/connectwise-seed.ts'
import { generatePrism } from '#standin/generator/prism-seed.ts'
import type { Partner } from '#standin/prism/seed.ts'
import { changesOf, isNothingToWrite } from '../plan.ts'
import { simulate } from '../simulate.ts'
import { annualInvoice, annualSituation, oneTimeAgreement } from '../testing/annual.ts'
import { day } from '../testing/factories.ts'
import { toLine } from '../testing/generated-months.ts'
import { type Invoiced, invoiceOn, totalOf } from '../testing/one-time-cabinet.ts'
import type { CatalogItem, Money, PeriodPlan, Product, Subscription } from '../types.ts'
import type { AnnualInvoice, AnnualSituation } from './annual-situation.ts'
import { planAnnual } from './plan-annual.ts'

const generated = (seed: number): { readonly partner: Partner; readonly customers: CustomerTerms[] } => {
  const [partner] = generatePrism({ seed, tenants: 12, subscriptions: 0, products: 30 }).partners
  if (partner === undefined) throw new Error('There is always a partner')
  return { partner, customers: annualTerms(partner, { seed, terms: 5 }) }
}

const productsOf = ({ products }: Partner): Product[] =>
  products.map(({ productId, sku, name }) => ({
    productId,
    sku,
    name,
    unitCost: '1' as Money,
    unitPrice: '2' as Money,
    current: true,
  }))

const catalogOf = (partner: Partner): CatalogItem[] =>
  (generateConnectWise(partner).seed.records.catalog ?? []).map(({ id, identifier, vendorSku }) => ({
    id,
    identifier: String(identifier),
    vendorSku: String(vendorSku),
    inactive: false,
    taxable: true,
  }))

const subscriptionsOf = ({ tenantId, lives }: CustomerTerms): Subscription[] =>
  lives
    .flatMap(({ subscriptions }) => subscriptions)
    .map(({ subscriptionId, product }) => ({
      id: subscriptionId,
      tenantId,
      productId: product.productId,
      productName: product.name,
      displayTemplate: 'Licence',
    }))

interface Lived {
  readonly situation: AnnualSituation
  readonly invoiced: Invoiced
  readonly all: readonly AnnualInvoice[]
}

const asks = ({ subscriptions }: PeriodPlan): boolean =>
  subscriptions.some(({ askedLines = [] }) => askedLines.length > 0)

/** Each invoice is planned when it comes, with those that ask; after every third one ConnectWise invoices the agreement. */
const live = (partner: Partner, customer: CustomerTerms): Lived => {
  let invoiced: Invoiced = { agreement: oneTimeAgreement(), lines: [] }
  let situation = annualSituation([], {
    tenants: [{ id: customer.tenantId, name: customer.tenantId, syncs: true }],
    products: productsOf(partner),
    catalog: catalogOf(partner),
    subscriptions: subscriptionsOf(customer),
    options: { ...annualSituation([]).options, annualTermsAtOnce: day('2026-01-01') },
  })
  const all: AnnualInvoice[] = []
  let asking: readonly AnnualInvoice[] = []
  for (const [index, { issuedOn, lines }] of customer.invoices.entries()) {
    const invoice = annualInvoice(lines.map(toLine), {
      invoiceId: `${90_000 + index}`,
      issuedOn: day(issuedOn),
    })
    all.push(invoice)
    const invoices = [...asking, invoice]
    const others = all.filter((each) => !invoices.includes(each))
    const before = { ...situation, agreement: invoiced.agreement, others, invoices }
    const { periods } = planAnnual(before)
    const ids = new Set(periods.filter(asks).map(({ invoiceId }) => invoiceId))
    asking = invoices.filter(({ invoiceId }) => ids.has(invoiceId))
    const { additions, owned, catalog } = before
    situation = { ...before, ...simulate({ additions, owned, catalog }, periods.flatMap(changesOf)) }
    if (!isNothingToWrite(planAnnual(situation))) throw new Error('a second plan writes')
    if (index % 3 === 2) invoiced = invoiceOn(day(issuedOn), situation.additions, invoiced)
  }
  expect(asking).toEqual([])
  invoiced = invoiceOn(day('2099-12-31'), situation.additions, invoiced)
  return { situation, invoiced, all }
}

describe('Generated terms that are billed at once', () => {
  it.each([1, 2, 3])(
    'are invoiced by ConnectWise as PRISM does, invoice by invoice, to the cent: partner %i [J9]',
    (seed) => {
      const { partner, customers } = generated(seed)
      let compared = 0
      for (const customer of customers) {
        const { situation, invoiced, all } = live(partner, customer)
        for (const { invoiceId, lines } of all) {
          const carrying = new Set(
            situation.owned.flatMap(({ additionId, carries }) =>
              carries?.invoiceId === invoiceId ? [additionId] : [],
            ),
          )
          const billed = invoiced.lines.filter(({ additionId }) => carrying.has(additionId))
          expect(totalOf(billed)).toBe(totalOf(lines))
          compared += 1
        }
        expect(totalOf(invoiced.lines)).toBe(totalOf(all.flatMap(({ lines }) => lines)))
      }
      expect(compared).toBeGreaterThan(100)
    },
  )

  it('have increases, refunds, whole and partial upgrades, and renewals of both kinds', () => {
    const events = [1, 2, 3].flatMap((seed) =>
      generated(seed).customers.flatMap(({ lives }) => lives.flatMap((life) => life.events)),
    )
    for (const kind of [
      'order',
      'increase',
      'refund',
      'upgrade',
      'partial upgrade',
      'renewal',
      'renewal with a new id',
    ] as const)
      expect(events.filter((each) => each === kind).length).toBeGreaterThan(5)
  })
})

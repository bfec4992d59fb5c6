/**
 * Fifty customers that were billed by hand, by PRISM Connect or by Billing Sync are mapped, reviewed, answered and switched on, by
 * the calls of the buttons. ConnectWise's next invoice of each is then PRISM's, to the cent or by named terms (E6, F5, F9).
 */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Preview, previewSchema } from '#lib/billing/plan-money.ts'
import type { Reconciliation } from '#lib/billing/types.ts'
import { connectWiseSeed, prismClient } from '../../standin/data/index.ts'
import { generateHandMade, type HandMadeCustomer } from '../../standin/generator/hand-made.ts'
import { handMadeKinds } from '../../standin/generator/hand-made-kinds.ts'
import { answeredSchema } from './schemas/answers.ts'
import { mappedCustomerSchema } from './schemas/customers.ts'
import { podContentSchema } from './schemas/pod.ts'
import { programSchema } from './schemas/programs.ts'
import { type ApiWorld, asOwner, type CallApi, startApiWorld } from './testing/api-world.ts'
import { connect, scheduledCall } from './testing/organisation.ts'
import { readAnswer } from './testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

const PROGRAM = '/api/programs/microsoft-csp'
const made = generateHandMade({
  seed: 2_026,
  customers: 50,
  site: connectWiseSeed().site,
  clients: [prismClient],
})

let world: ApiWorld
let api: CallApi

const map = ({ tenantId, companyId, agreementId }: HandMadeCustomer, syncEnabled: boolean) =>
  readAnswer(api, mappedCustomerSchema, 'PUT', `${PROGRAM}/customers/${tenantId}/mapping`, {
    companyId,
    agreementId,
    syncEnabled,
  })

const preview = async ({ tenantId }: HandMadeCustomer): Promise<Preview> =>
  previewSchema.parse(await readAnswer(api, previewSchema, 'GET', `${PROGRAM}/customers/${tenantId}/plan`))

const reviewed = async (customer: HandMadeCustomer) => {
  const { review } = await preview(customer)
  return review ?? expect.unreachable(`${customer.kind} has no review`)
}

/** Says of each addition that the review asks about what it is in truth; gives how many were answered. */
const answer = async (customer: HandMadeCustomer): Promise<number> => {
  const { additions } = await reviewed(customer)
  const asked = additions.filter(
    ({ fate, actions }) => (fate === 'blocked' || fate === 'asked') && actions.length > 0,
  )
  for (const { additionId } of asked) {
    const truth = customer.truths.get(additionId)
    if (truth === undefined) throw new Error(`${customer.kind}: addition ${additionId} was to be explained`)
    const path = `${PROGRAM}/agreements/${customer.agreementId}/additions/${additionId}/answer`
    await readAnswer(api, answeredSchema, 'PUT', path, {
      answer: truth.is,
      ...(truth.is === 'subscription' ? { subscriptionId: truth.subscriptionId } : {}),
      ...(truth.is === 'ends' ? { endsOn: truth.on } : {}),
    })
  }
  return asked.length
}

interface Invoiced {
  readonly additionId: number
  readonly serialNumber: string
  readonly month: string
  readonly price: string
}
const invoiceOf = async ({ agreementId }: HandMadeCustomer): Promise<Invoiced[]> => {
  const address = `${world.connectWise.url}/control/agreements/${agreementId}/invoice`
  const { lines } = (await (await fetch(address, { method: 'POST' })).json()) as { lines: Invoiced[] }
  return lines
}

const cents = (value: number): number => Math.round(value * 100)
const totalOf = (lines: readonly { readonly price: string }[]): number =>
  lines.reduce((total, { price }) => total + cents(Number(price)), 0)

/** PRISM’s own file, by domain, in cents. */
const chargedByPrism = async (): Promise<ReadonlyMap<string, number>> => {
  const state = (await (await fetch(`${world.prism.url}/control/state`)).json()) as {
    invoices: { InvoiceId: number }[]
  }
  const [invoice] = state.invoices
  const file = await (await fetch(`${world.prism.url}/control/invoices/${invoice?.InvoiceId}/csv`)).text()
  const [header = '', ...rows] = file.trimEnd().split(/\r?\n/)
  const columns = header.split(',')
  const charged = new Map<string, number>()
  for (const fields of rows.map((each) => each.split(','))) {
    const domain = fields[columns.indexOf('PrimaryDomainName')] ?? ''
    const total = cents(Number(fields[columns.indexOf('SubTotalRrp')]))
    charged.set(domain, (charged.get(domain) ?? 0) + total)
  }
  return charged
}

/** A few at a time, as several clerks would. */
const forEach = async (
  all: readonly HandMadeCustomer[],
  work: (customer: HandMadeCustomer) => Promise<void>,
): Promise<void> => {
  const left = [...all]
  const clerk = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) await work(next)
  }
  await Promise.all([clerk(), clerk(), clerk(), clerk()])
}

beforeAll(async () => {
  world = await startApiWorld({}, made.connectWise, made.prism)
  api = await asOwner()
  await connect(world, api)
  await readAnswer(api, programSchema, 'PUT', PROGRAM, {
    enabled: true,
    syncAzure: true,
    annualTermsMonthly: true,
  })
  await world.issueNextInvoice()
  await scheduledCall()
}, 60_000)
afterAll(() => world.stop())

describe('Fifty customers with additions of before', () => {
  it('are of every kind', () => {
    expect(new Set(made.customers.map(({ kind }) => kind))).toEqual(new Set(Object.keys(handMadeKinds)))
  })

  it('are cut over so that the next invoice is PRISM’s, to the cent or by named terms', {
    timeout: 120_000,
  }, async () => {
    const promised = new Map<number, Preview>()
    await forEach(made.customers, async (customer) => {
      await map(customer, false)
      expect(await answer(customer), customer.kind).toBe(customer.truths.size)
      const planned = await preview(customer)
      const asked = planned.review?.additions.filter(({ fate }) => fate === 'blocked' || fate === 'asked')
      expect(asked, customer.kind).toEqual([])
      expect(
        planned.review?.subscriptions.every(({ state }) => state === 'ready'),
        customer.kind,
      ).toBe(true)
      promised.set(customer.agreementId, planned)
      await map(customer, true)
    })
    await scheduledCall()

    const charged = await chargedByPrism()
    await forEach(made.customers, async (customer) => {
      const review = promised.get(customer.agreementId)?.review
      if (!review) throw new Error(`${customer.kind} has no review`)
      const content = await readAnswer(
        api,
        podContentSchema,
        'GET',
        `/api/hosted/agreements/${customer.agreementId}`,
      )
      const month = content.state === 'mapped' ? content.result?.periods.at(-1) : undefined
      if (!month) throw new Error(`${customer.kind} was not synced`)
      const totals = month.totals as Reconciliation
      const what = `${customer.kind}: ${JSON.stringify(totals)}`

      const lines = (await invoiceOf(customer)).filter((line) => line.month === '2026-04')
      // The invoice is what the review promised, and what the sync says.
      expect(totalOf(lines), what).toBe(cents(Number(review.bills.after.price)))
      expect(totals.billed, what).toEqual(review.totals.billed)
      expect(cents(Number(totals.invoiced.price)), what).toBe(charged.get(customer.domain) ?? 0)
      // The difference from PRISM’s invoice has a name.
      const { invoiced, billed, terms = {}, ...rest } = totals
      const explained = [...Object.values(rest), ...Object.values(terms)].reduce(
        (sum, { price }) => sum + Number(price),
        0,
      )
      expect(cents(Number(invoiced.price) - Number(billed.price)), what).toBe(cents(explained))
      expect([Number(totals.unexplained.price), Number(totals.failed.price)], what).toEqual([0, 0])
      expect(namedTerms(totals), what).toEqual(expectedTerms[customer.kind] ?? [])
      expect(cents(Number(review.apart.price)) !== 0, what).toBe(withApart.includes(customer.kind))
    })
  })

  it('are not asked anything more, and nothing is left to write', { timeout: 60_000 }, async () => {
    await forEach(made.customers.slice(0, Object.keys(handMadeKinds).length), async (customer) => {
      const { review, periods } = await preview(customer)
      expect(review, customer.kind).toBe(null)
      const changes = periods.flatMap(({ subscriptions }) => subscriptions.flatMap((row) => row.changes))
      expect(
        changes.filter(({ kind }) => kind !== 'keep'),
        customer.kind,
      ).toEqual([])
    })
  })
})

/** Terms other than rounding that are not 0.00. */
const namedTerms = (totals: Reconciliation): string[] => {
  const { invoiced: _, billed: __, rounding: ___, terms = {}, ...rest } = totals
  return Object.entries({ ...rest, ...terms })
    .filter(([, { price }]) => Number(price) !== 0)
    .map(([name]) => name)
    .sort()
}

/** Kinds of which the bill differs from PRISM’s invoice, and by what. */
const expectedTerms: Partial<Record<HandMadeCustomer['kind'], readonly string[]>> = {
  'edited price': ['asAdopted'],
  'edited price, with serial number': ['asAdopted'],
  'an annual one': ['annualAddition'],
  'an annual one without serial number': ['annualAddition'],
  'of no subscription: another distributor’s': ['nobodys'],
}
/** Those that have additions that are not of PRISM’s products. */
const withApart: readonly HandMadeCustomer['kind'][] = [
  'a support fee with the id',
  'of no subscription: no product of PRISM’s',
]

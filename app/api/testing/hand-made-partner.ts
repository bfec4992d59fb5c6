/** A partner whose customers were billed before, with the calls of its clerks and what ConnectWise and PRISM say of each. */
import { expect } from 'vitest'
import { type Preview, previewSchema } from '#lib/billing/plan-money.ts'
import type { Reconciliation } from '#lib/billing/types.ts'
import type { generateHandMade, HandMadeCustomer } from '../../../standin/generator/hand-made.ts'
import { mappedCustomerSchema } from '../schemas/customers.ts'
import { podContentSchema } from '../schemas/pod.ts'
import { programSchema } from '../schemas/programs.ts'
import { type ApiWorld, asOwner, type CallApi, startApiWorld } from './api-world.ts'
import { connect, work as doAllWork } from './organisation.ts'
import { readAnswer } from './reading.ts'

export const PROGRAM = '/api/programs/microsoft-csp'

interface Invoiced {
  readonly additionId: number
  readonly serialNumber: string
  readonly month: string
  readonly price: string
}

const cents = (value: number): number => Math.round(value * 100)
const totalOf = (lines: readonly { readonly price: string }[]): number =>
  lines.reduce((total, { price }) => total + cents(Number(price)), 0)

/** A few at a time, as several clerks would. */
export const forEach = async (
  all: readonly HandMadeCustomer[],
  work: (customer: HandMadeCustomer) => Promise<void>,
): Promise<void> => {
  const left = [...all]
  const clerk = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) await work(next)
  }
  await Promise.all([clerk(), clerk(), clerk(), clerk()])
}

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

export class HandMadePartner {
  readonly world: ApiWorld
  readonly api: CallApi

  private constructor(world: ApiWorld, api: CallApi) {
    this.world = world
    this.api = api
  }

  /** PRISM has issued the first invoice. */
  static async start(
    made: ReturnType<typeof generateHandMade>,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<HandMadePartner> {
    const world = await startApiWorld(environment, made.connectWise, made.prism)
    const api = await asOwner()
    await connect(world, api)
    const options = { enabled: true, syncAzure: true, annualTermsMonthly: true }
    await readAnswer(api, programSchema, 'PUT', PROGRAM, options)
    await world.issueNextInvoice()
    await doAllWork()
    return new HandMadePartner(world, api)
  }

  map({ tenantId, companyId, agreementId }: HandMadeCustomer, syncEnabled: boolean) {
    const body = { companyId, agreementId, syncEnabled }
    const path = `${PROGRAM}/customers/${tenantId}/mapping`
    return readAnswer(this.api, mappedCustomerSchema, 'PUT', path, body)
  }

  async preview({ tenantId }: HandMadeCustomer): Promise<Preview> {
    const path = `${PROGRAM}/customers/${tenantId}/plan`
    return previewSchema.parse(await readAnswer(this.api, previewSchema, 'GET', path))
  }

  async reviewed(customer: HandMadeCustomer) {
    const { review } = await this.preview(customer)
    return review ?? expect.unreachable(`${customer.kind} has no review`)
  }

  /** Nothing is asked of it any more: it can begin. */
  async settled(customer: HandMadeCustomer): Promise<Preview> {
    const planned = await this.preview(customer)
    const asked = planned.review?.additions.filter(({ fate }) => fate === 'blocked' || fate === 'asked')
    expect(asked, customer.kind).toEqual([])
    const states = planned.review?.subscriptions.map(({ state }) => state) ?? []
    expect(new Set(states), customer.kind).toEqual(new Set(['ready']))
    return planned
  }

  /** ConnectWise invoices the agreement now. @returns in cents, of the first month */
  async invoiced({ agreementId }: HandMadeCustomer): Promise<number> {
    const address = `${this.world.connectWise.url}/control/agreements/${agreementId}/invoice`
    const { lines } = (await (await fetch(address, { method: 'POST' })).json()) as { lines: Invoiced[] }
    return totalOf(lines.filter((line) => line.month === '2026-04'))
  }

  /** ConnectWise's next invoice is what was promised, and PRISM's or explained by named terms. */
  async mustBillAsPromised(
    customer: HandMadeCustomer,
    promised: Preview | undefined,
    charged: ReadonlyMap<string, number>,
  ): Promise<void> {
    const review = promised?.review
    if (!review) throw new Error(`${customer.kind} has no review`)
    const path = `/api/hosted/agreements/${customer.agreementId}`
    const content = await readAnswer(this.api, podContentSchema, 'GET', path)
    const month = content.state === 'mapped' ? content.result?.periods.at(-1) : undefined
    if (!month) throw new Error(`${customer.kind} was not synced`)
    const totals = month.totals as Reconciliation
    const what = `${customer.kind}: ${JSON.stringify(totals)}`

    // The invoice is what the review promised, and what the sync says.
    expect(await this.invoiced(customer), what).toBe(cents(Number(review.bills.after.price)))
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
  }

  /** PRISM’s own file, by domain, in cents. */
  async chargedByPrism(): Promise<ReadonlyMap<string, number>> {
    const { url } = this.world.prism
    const state = (await (await fetch(`${url}/control/state`)).json()) as {
      invoices: { InvoiceId: number }[]
    }
    const [invoice] = state.invoices
    const file = await (await fetch(`${url}/control/invoices/${invoice?.InvoiceId}/csv`)).text()
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

  /** Says of an addition what it is in truth. */
  async sayTruth({ truths, kind, agreementId }: HandMadeCustomer, additionId: number): Promise<Response> {
    const truth = truths.get(additionId)
    if (truth === undefined) throw new Error(`${kind}: addition ${additionId} was to be explained`)
    const body = {
      answer: truth.is,
      ...(truth.is === 'subscription' ? { subscriptionId: truth.subscriptionId } : {}),
      ...(truth.is === 'ends' ? { endsOn: truth.on } : {}),
    }
    const answer = await this.api(
      'PUT',
      `${PROGRAM}/agreements/${agreementId}/additions/${additionId}/answer`,
      {
        body,
      },
    )
    expect(answer.status, kind).toBe(200)
    return answer
  }
}

/** Annual invoices and One-Time agreements in the stand-ins, beside what the demo has (J9). */
import type { ApiWorld } from './api-world.ts'

const header =
  'ResellerName,PrimaryDomainName,SubscriptionId,OfferName,ChargeStartDate,ChargeEndDate,LineDescription,UnitPrice,UnitPriceRrp,Quantity,BillableRatio,SubTotal,SubTotalRrp,AgreementNumber,PurchaseOrderNumber,CustomerName,BillingCycle,TermDurationNumber,TermDurationUnit'

export interface AnnualRow {
  /** Of the demo, e.g. `coho`. */
  readonly customer: { readonly name: string; readonly domain: string }
  readonly subscriptionId?: string
  readonly offer?: string
  readonly seats?: number
  readonly first?: string
  readonly last?: string
}

/** A file of terms of a year that are billed at once, 240.00 a seat, cost 192.00. */
export const annualFile = (...rows: readonly AnnualRow[]): string =>
  [
    header,
    ...rows.map(
      ({
        customer,
        subscriptionId = '0d5c1c9e-0000-4000-8000-000000000901',
        offer = 'Visio Plan 2 (NCE Product)',
        seats = 5,
        first = '2026-04-17',
        last = '2027-04-16',
      }) =>
        [
          'Northwind Managed Services',
          customer.domain,
          subscriptionId,
          offer,
          first,
          last,
          '',
          '192',
          '240',
          seats,
          '1',
          192 * seats,
          240 * seats,
          '1000001',
          '',
          customer.name,
          'Annual,1,YEARS',
        ].join(','),
    ),
    '',
  ].join('\n')

/** PRISM issues it; its id. */
export async function issueAnnual(
  { prism }: Pick<ApiWorld, 'prism'>,
  csv: string,
  on: { readonly year: number; readonly month: number; readonly billingPeriodStart: string },
): Promise<string> {
  const body = {
    usageYear: on.year,
    usageMonth: on.month,
    billingPeriodStart: on.billingPeriodStart,
    csv,
  }
  const answer = await fetch(`${prism.url}/control/invoices`, {
    method: 'POST',
    body: JSON.stringify(body),
  })
  const { InvoiceId } = (await answer.json()) as { InvoiceId: number }
  return String(InvoiceId)
}

/** Makes an agreement of a company's, as another one of it is but for these fields; its id. */
export function addAgreement(
  { connectWise }: Pick<ApiWorld, 'connectWise'>,
  like: number,
  fields: Readonly<Record<string, unknown>> = {},
): number {
  const all = connectWise.store.all('agreements')
  const known = all.find(({ id }) => id === like)
  if (known === undefined) throw new Error(`There is no agreement ${like}`)
  const id = Math.max(...all.map((each) => each.id)) + 1
  const oneTime = {
    name: 'Annual licences',
    billingCycle: { id: 5, name: 'One-Time' },
    prorateFlag: false,
  }
  connectWise.store.put('agreements', { ...known, ...oneTime, ...fields, id }, 'GClerk')
  return id
}

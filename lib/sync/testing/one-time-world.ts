/** The small world with a One-Time agreement: annual invoices come from PRISM's stand-in as files, and ConnectWise's bills the additions. */
import { createOrganisation } from '#db/directory/organisations.ts'
import { putOneTimeMapping } from '#db/mappings/one-time.ts'
import { putProgramSettings } from '#db/prism/programs.ts'
import type { Day } from '#lib/billing/types.ts'
import { programs } from '#lib/programs/registry.ts'
import { licences, start } from '#standin/prism/testing.ts'
import { agreementId, program, type StartOptions, startWorld, tenantId, type World } from './world.ts'

/** Its agreement is a One-Time one; the customer's monthly subscription is mapped nowhere. */
export const startOneTimeWorld = (options: StartOptions = {}): Promise<World> =>
  startWorld({
    subscriptions: [{ ...licences(start(5)), subscriptionId: 'sub-1' }],
    agreement: {
      billingCycle: { id: 5, name: 'One-Time' },
      prorateFlag: false,
      nextInvoiceDate: '2026-05-01T00:00:00Z',
    },
    ...options,
  })

/** Terms that are billed at once are on since 1 May 2026, and the customer is mapped and syncs. */
export const mapOneTime = async ({ db }: Pick<World, 'db'>): Promise<string> => {
  const { id } = await createOrganisation(db, { name: 'Northwind Managed Services' })
  const [microsoftCsp] = programs
  const since = '2026-05-01' as Day
  await putProgramSettings(db, id, program, {
    ...microsoftCsp.defaults,
    enabled: true,
    annualTermsAtOnce: since,
  })
  const mapped = { companyId: 10, companyName: 'Coho', agreementId, agreementName: 'Annual terms' }
  await putOneTimeMapping(db, id, program, tenantId, { ...mapped, syncEnabled: true, mappedBy: 'Ann' })
  return id
}

/** Both. */
export const startMappedOneTime = async (): Promise<{
  readonly world: World
  readonly organisationId: string
}> => {
  const world = await startOneTimeWorld()
  return { world, organisationId: await mapOneTime(world) }
}

export interface TermLine {
  readonly subscriptionId?: string
  readonly product?: string
  readonly seats?: number
  readonly first?: string
  readonly last?: string
  /** Of one seat for the term: cost and price. */
  readonly unit?: readonly [number, number]
  /** What the line charges; left out, seats times the unit. */
  readonly totals?: readonly [number, number]
}

const header =
  'ResellerName,PrimaryDomainName,SubscriptionId,OfferName,ChargeStartDate,ChargeEndDate,LineDescription,UnitPrice,UnitPriceRrp,Quantity,BillableRatio,SubTotal,SubTotalRrp,AgreementNumber,PurchaseOrderNumber,CustomerName,BillingCycle,TermDurationNumber,TermDurationUnit'

/** A file of PRISM's with these lines alone. */
export const annualFile = (lines: readonly TermLine[]): string =>
  [
    header,
    ...lines.map((line) => {
      const { subscriptionId = 'term-1', product = 'a', seats = 5, unit = [96, 120] } = line
      const { first = '2026-05-10', last = '2027-05-09' } = line
      const [cost, price] = line.totals ?? [unit[0] * seats, unit[1] * seats]
      return `Northwind,cohowinery.example,${subscriptionId},Product ${product},${first},${last},,${unit[0]},${unit[1]},${seats},1,${cost},${price},1000001,,Coho Winery,Annual,1,YEARS`
    }),
    '',
  ].join('\n')

const call = async (url: string, method: string, body: unknown): Promise<Response> => {
  const isText = typeof body === 'string'
  const response = await fetch(url, { method, body: isText ? body : JSON.stringify(body) })
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`)
  return response
}

/** PRISM issues an annual invoice. Gives its id. */
export const issueAnnual = async (
  { addresses }: Pick<World, 'addresses'>,
  issuedOn: string,
  lines: readonly TermLine[],
): Promise<string> => {
  const [usageYear, usageMonth] = issuedOn.split('-').map(Number)
  const response = await call(`${addresses.prism}/control/invoices`, 'POST', {
    usageYear,
    usageMonth,
    billingPeriodStart: issuedOn,
    csv: annualFile(lines),
  })
  return String(((await response.json()) as { readonly InvoiceId: number }).InvoiceId)
}

/** PRISM gives another file under the id. */
export const reissueAnnual = async (
  { addresses }: Pick<World, 'addresses'>,
  id: string,
  lines: readonly TermLine[],
): Promise<void> => {
  await call(`${addresses.prism}/control/invoices/${id}/csv`, 'PUT', annualFile(lines))
}

export interface BilledLine {
  readonly price: string
  readonly cost: string
}

/** ConnectWise invoices the agreement on a day. Gives the lines of that invoice. */
export const invoiceOneTime = async (
  { addresses }: Pick<World, 'addresses'>,
  today: string,
): Promise<readonly BilledLine[]> => {
  await call(`${addresses.connectWise}/control/clock`, 'PUT', { today })
  const made = await call(`${addresses.connectWise}/control/agreements/${agreementId}/invoice`, 'POST', {})
  return ((await made.json()) as { lines: readonly BilledLine[] }).lines
}

export const totalOf = (lines: readonly BilledLine[], of: 'price' | 'cost' = 'price'): string =>
  (lines.reduce((sum, line) => sum + Math.round(100 * Number(line[of])), 0) / 100).toFixed(2)

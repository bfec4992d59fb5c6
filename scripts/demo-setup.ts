/** Sets the demo up as a person and time would: through the app's API, with six months of invoices synced one by one. */
import {
  connectWiseSeed,
  demoMappings,
  prismClient,
  programName,
  subscriptionId,
} from '#standin/data/index.ts'
import { type App, call, runJobs, signedIn } from './app-caller.ts'
import { setUpAnnual } from './demo-annual.ts'

/** Issued and synced before anybody looks; the next one is left for the person who tries the demo. */
const MONTHS = 6
const PROGRAM = '/api/programs/microsoft-csp'

export interface DemoSettings {
  readonly appUrl: string
  readonly cronSecret: string
  readonly connectWiseUrl: string
  readonly prismUrl: string
  /** The owner, as OWNER_EMAIL and OWNER_PASSWORD name them. */
  readonly email: string
  readonly password: string
  /** With customers that have terms of all motions, and annual invoices beside the months. */
  readonly withAnnual?: boolean
  readonly log: (line: string) => void
  /** The newest month is issued again with a credit, so that an invoice waits for a person. */
  readonly heldCredit?: boolean
}

/** Run again, it changes nothing: settings are put as they are, and issued months are not issued again. */
export async function setUpDemo(settings: DemoSettings): Promise<void> {
  const app = await signedIn(settings.appUrl, settings)
  const work = () => runJobs(settings.appUrl, settings.cronSecret)
  await connect(app, settings)
  const { withAnnual: motions = false } = settings
  if (motions) await app('PUT', PROGRAM, { annualTermsMonthly: true })
  let isMapped = false
  const isNew = (await issuedMonths(settings)) < MONTHS
  for (let issued = await issuedMonths(settings); issued < MONTHS; issued += 1) {
    const usage = await issueNextMonth(settings)
    // The first invoice comes before the mappings, so that they are judged by the usage that would sync first.
    if (!isMapped) {
      await work()
      await putMappings(app, motions)
      isMapped = true
    }
    await work()
    await invoiceAgreements(settings, motions)
    settings.log(`  ${usage}: invoiced by PRISM, synced, invoiced by ConnectWise`)
  }
  if (isNew && settings.withAnnual === true) {
    await setUpAnnual({ ...settings, app, runJobs: work })
    settings.log('  annual invoices: carried, taken over, one that waits for an agreement, one issued before')
  }
  if (settings.heldCredit === true && (await issueWithCredit(settings))) await work()
}

// ───────────────────────────── the app, as its owner ─────────────────────────────

async function connect(app: App, { connectWiseUrl }: DemoSettings): Promise<void> {
  await app('PUT', '/api/connections/prism', { ...prismClient, currency: 'AUD' })
  const { companyId, publicKey, privateKey } = connectWiseSeed().site
  await app('PUT', '/api/connections/connectwise', { site: connectWiseUrl, companyId, publicKey, privateKey })
  // Of the agreements that are billed in advance ConnectWise has invoiced the first month: with catch-up they, too, have six
  // months to look at, and nobody has to answer before the demo begins.
  await app('PUT', PROGRAM, { enabled: true, syncAzure: true, firstSync: 'catch-up' })
  await app('PUT', '/api/members', { right: 'map-and-sync' })
  await app('POST', '/api/hosted/setups')
}

async function putMappings(app: App, motions: boolean): Promise<void> {
  for (const { tenantId, companyId, agreementId } of demoMappings({ motions })) {
    await app('PUT', `${PROGRAM}/customers/${tenantId}/mapping`, {
      companyId,
      agreementId,
      syncEnabled: true,
    })
  }
}

// ───────────────────────────── the stand-ins, as time ─────────────────────────────

/** Usage months that have an invoice; a month can have several. */
async function issuedMonths({ prismUrl }: DemoSettings): Promise<number> {
  const answer = await call('GET', `${prismUrl}/control/state`)
  const { invoices } = (await answer.json()) as { invoices: { UsageYear: number; UsageMonth: number }[] }
  return new Set(invoices.map(({ UsageYear, UsageMonth }) => `${UsageYear}-${UsageMonth}`)).size
}

interface IssuedInvoice {
  readonly InvoiceId: number
  readonly ProgramName: string
  readonly UsageYear: number
  readonly UsageMonth: number
}

/** Issues the newest month again: with a credit of a subscription, and with one that names none. False where it was done before. */
async function issueWithCredit({ prismUrl }: DemoSettings): Promise<boolean> {
  const answer = await call('GET', `${prismUrl}/control/state`)
  const { invoices } = (await answer.json()) as { invoices: IssuedInvoice[] }
  const newest = Math.max(...invoices.map(monthNumber))
  const standard = invoices.filter((each) => monthNumber(each) === newest && each.ProgramName === programName)
  const [first, again] = standard
  if (first === undefined || again !== undefined) return false
  const lines = [
    {
      subscriptionId: subscriptionId('coho/premium'),
      first: '2026-08-01',
      last: '2026-08-24',
      subTotal: '-33.00',
      subTotalRrp: '-41.20',
      description: 'Credit for a seat given back within seven days',
    },
    {
      customerName: 'Coho Winery',
      domain: 'coho-wines.example',
      offerName: 'Partner incentive',
      first: '2026-09-01',
      last: '2026-09-30',
      subTotal: '-12.00',
      subTotalRrp: '-15.00',
    },
  ]
  await call('POST', `${prismUrl}/control/invoices/${first.InvoiceId}/adjustments`, { body: { lines } })
  return true
}

const monthNumber = ({ UsageYear, UsageMonth }: IssuedInvoice): number => UsageYear * 12 + UsageMonth

async function issueNextMonth({ prismUrl }: DemoSettings): Promise<string> {
  const answer = await call('POST', `${prismUrl}/control/invoices/next`)
  return ((await answer.json()) as { usage: string }).usage
}

async function invoiceAgreements({ connectWiseUrl }: DemoSettings, motions: boolean): Promise<void> {
  for (const agreementId of new Set(demoMappings({ motions }).map((each) => each.agreementId))) {
    // An agreement that has ended has nothing to invoice.
    await call('POST', `${connectWiseUrl}/control/agreements/${agreementId}/invoice`, { allowed: [409] })
  }
}

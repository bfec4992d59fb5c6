/** The process whose memory is measured: it asks a server as the product does. The server and PostgreSQL are others. */
import { openDatabase } from '#db/client.ts'
import { createOrganisation } from '#db/directory/organisations.ts'
import { askForLoads } from '#db/prism/invoice-loads.ts'
import { invoicesOf, type ListedInvoice } from '#db/prism/invoices.ts'
import { createGuard } from '#lib/base/guarded-fetch.ts'
import { log } from '#lib/base/log.ts'
import { Secret } from '#lib/base/secrets.ts'
import { createConnectWiseClient } from '#lib/connectwise/client.ts'
import { discoverCodebase } from '#lib/connectwise/site.ts'
import type { IntakeContext } from '#lib/intake/context.ts'
import { loadInvoice } from '#lib/intake/load-invoice.ts'
import { createPrismClient } from '#lib/prism/client.ts'
import { readInvoiceCsv } from '#lib/prism/invoice-csv.ts'
import { programs } from '#lib/programs/registry.ts'
import { answerCalls } from './calls.ts'
import type { Asking, MemoryCalls, MemorySetUp } from './memory.ts'

const { site, databaseUrl }: MemorySetUp = JSON.parse(process.argv[2] ?? '')

const guardOf = (of: string) => createGuard({ trustedHosts: new Set([new URL(of).host]) })
const failed = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const info = (companyId: string): Promise<string> =>
  discoverCodebase({ site, companyId, guard: guardOf(site) }).then(({ codebase }) => codebase, failed)

async function additions(agreementId: number): Promise<string> {
  const client = createConnectWiseClient({
    site,
    companyId: 'large',
    publicKey: 'pub',
    privateKey: new Secret('priv'),
    clientId: 'ours',
    codebase: 'v2025_1',
    guard: guardOf(site),
  })
  return client.additions(agreementId).then((read) => `${read.additions.length} additions`, failed)
}

const prismAt = (apiUrl: string) =>
  createPrismClient({
    apiUrl,
    identityUrl: apiUrl,
    clientId: 'c',
    clientSecret: new Secret('s'),
    guard: guardOf(apiUrl),
  })

async function parse(apiUrl: string): Promise<string> {
  let count = 0
  for await (const _line of readInvoiceCsv(await prismAt(apiUrl).invoiceCsv('7'))) count += 1
  return `${count} lines`
}

async function load(apiUrl: string): Promise<string> {
  const [program] = programs
  const { db, close } = openDatabase(databaseUrl)
  const { id: organisationId } = await createOrganisation(db, { name: 'Northwind' })
  const ctx = { db, organisationId, program, prism: prismAt(apiUrl), now: () => new Date(), log }
  const listed = {
    prismInvoiceId: '7',
    programName: 'Microsoft CSP',
    period: '2026-09',
    invoicedOn: '2026-10-01',
  }
  await askForLoads(db, organisationId, program.slug, [listed as Omit<ListedInvoice, 'id'>])
  const input = { prismInvoiceId: '7' }
  await loadInvoice({ ctx: ctx as unknown as IntakeContext, input })
  const [loaded] = await invoicesOf(db, organisationId, program.slug)
  await close()
  if (loaded?.state !== 'loaded') throw new Error(`The invoice is ${loaded?.state ?? 'not stored'}.`)
  return loaded.state
}

const asks: Readonly<Record<Asking, () => Promise<string>>> = {
  info: () => info('large'),
  'info-gzip': () => info('gzip'),
  additions: () => additions(1),
  'additions-gzip': () => additions(2),
  parse: () => parse(site),
  load: () => load(site),
  'load-wide': () => load(`${site}/wide`),
}

const calls: MemoryCalls = {
  measure: async (asking) => {
    // What is loaded and compiled at the first request is part of idle.
    await info('small')
    await parse(`${site}/short`)
    globalThis.gc?.()
    const idle = process.memoryUsage.rss()
    let peak = idle
    const timer = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage.rss())
    }, 10)
    const highestBefore = process.resourceUsage().maxRSS
    try {
      return { said: await asks[asking](), idle, peak: highest(peak, highestBefore) }
    } finally {
      clearInterval(timer)
    }
  },
}
answerCalls(calls)

/** The highest since the process began counts where it is of this measurement, not of loading the program. */
function highest(seen: number, before: number): number {
  const { maxRSS } = process.resourceUsage()
  return maxRSS > before ? Math.max(seen, maxRSS * 1024) : seen
}

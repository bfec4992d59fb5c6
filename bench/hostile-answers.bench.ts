/**
 * Memory under hostile and huge answers (docs/architecture.md, "Budgets"): each case in a process of its own,
 * the server and PostgreSQL in others. Resident memory above idle: at most 200 MB, and 150 MB where a file is
 * only parsed. `LINES` sets the file's length, `ONLY` names one case.
 */
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { gzipSync } from 'node:zlib'
import { openDatabase } from '#db/client.ts'
import { createOrganisation } from '#db/directory/organisations.ts'
import { migrate } from '#db/migrate.ts'
import { createGuard } from '#lib/base/guarded-fetch.ts'
import { log } from '#lib/base/log.ts'
import { Secret } from '#lib/base/secrets.ts'
import { createConnectWiseClient } from '#lib/connectwise/client.ts'
import { discoverCodebase } from '#lib/connectwise/site.ts'
import { loadInvoice } from '#lib/intake/load-invoice.ts'
import { createPrismClient } from '#lib/prism/client.ts'
import { readInvoiceCsv } from '#lib/prism/invoice-csv.ts'
import type { InvoiceHeader } from '#lib/prism/values.ts'
import { programs } from '#lib/programs/registry.ts'
import type { SyncContext } from '#lib/sync/context.ts'
import { startPostgres } from '#scripts/postgres.ts'

const MB = 2 ** 20
const LINES = Number(process.env['LINES'] ?? 1_000_000)
const lines = LINES.toLocaleString('en')
const only = process.env['ONLY']

/** What a case asks, in its own process; what came of it in words. */
type Ask = (url: string, databaseUrl: string) => Promise<string>
interface Case {
  readonly what: string
  readonly budgetMb: number
  readonly ask: Ask
}

const cases: Readonly<Record<string, Case>> = {
  info: { what: 'company info of 600 MB', budgetMb: 200, ask: (url) => info(url, 'large') },
  infoGzip: { what: 'company info that opens to 300 MB', budgetMb: 200, ask: (url) => info(url, 'gzip') },
  list: { what: 'a list of additions of 600 MB', budgetMb: 200, ask: (url) => additions(url, 1) },
  listGzip: {
    what: 'a list of additions that opens to 300 MB',
    budgetMb: 200,
    ask: (url) => additions(url, 2),
  },
  parse: { what: `an invoice of ${lines} lines, parsed`, budgetMb: 150, ask: parse },
  // Once loading is a job that commits on its way, this is to call that job's verb until it is done.
  load: { what: `an invoice of ${lines} lines, loaded into the database`, budgetMb: 200, ask: load },
  loadWide: {
    what: 'an invoice of 900 lines of 1 MB, loaded into the database',
    budgetMb: 200,
    ask: (url, databaseUrl) => load(`${url}/wide`, databaseUrl),
  },
}

// ───────────────────────────── in the process that is measured ─────────────────────────────

async function measure({ ask }: Case, url: string, databaseUrl: string): Promise<void> {
  // What is loaded and compiled at the first request is part of idle.
  await info(url, 'small')
  await parse(`${url}/short`)
  globalThis.gc?.()
  const idle = process.memoryUsage.rss()
  let peak = idle
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }, 10)
  const highestBefore = process.resourceUsage().maxRSS
  let isDone = true
  const said = await ask(url, databaseUrl).catch((error: unknown) => {
    isDone = false
    return failed(error)
  })
  clearInterval(timer)
  // The highest since its start counts where it is of this case, not of loading the program.
  const highest = process.resourceUsage().maxRSS
  if (highest > highestBefore) peak = Math.max(peak, highest * 1024)
  console.log(JSON.stringify({ idle, peak, said, isDone }))
  process.exit(0)
}

const guardOf = (of: string) => createGuard({ trustedHosts: new Set([new URL(of).host]) })
const failed = (error: unknown): string => (error instanceof Error ? error.message : String(error))

async function info(site: string, companyId: string): Promise<string> {
  return discoverCodebase({ site, companyId, guard: guardOf(site) }).then(({ codebase }) => codebase, failed)
}

async function additions(site: string, agreementId: number): Promise<string> {
  const client = createConnectWiseClient({
    site,
    companyId: 'acme',
    publicKey: 'pub',
    privateKey: new Secret('priv'),
    clientId: 'ours',
    codebase: 'v2025_1',
    guard: guardOf(site),
  })
  return client.additions(agreementId).then((read) => `${read.additions.length} additions`, failed)
}

function prismOf(apiUrl: string) {
  const guard = guardOf(apiUrl)
  return createPrismClient({
    apiUrl,
    identityUrl: apiUrl,
    clientId: 'c',
    clientSecret: new Secret('s'),
    guard,
  })
}

async function parse(apiUrl: string): Promise<string> {
  let count = 0
  for await (const _line of readInvoiceCsv(await prismOf(apiUrl).invoiceCsv('7'))) count += 1
  return `${count} lines`
}

async function load(apiUrl: string, database: string): Promise<string> {
  const [program] = programs
  const { db, close } = openDatabase(database)
  const { id: organisationId } = await createOrganisation(db, { name: 'Northwind' })
  const ctx = { db, organisationId, program, prism: prismOf(apiUrl), now: () => new Date(), log }
  const header = { id: '7', programName: 'Microsoft CSP', period: '2026-09', invoicedOn: '2026-10-01' }
  const input = { header: header as InvoiceHeader, id: '7', takes: null, knownHash: null }
  const loaded = await loadInvoice(ctx as unknown as SyncContext, input)
  await close()
  return `the invoice is ${loaded}`
}

// ───────────────────────────── around it ─────────────────────────────

async function measureAll(): Promise<void> {
  const server = createServer(({ url: path = '' }, response) => void answer(path, response).catch(() => {}))
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const dataDir = await mkdtemp(join(tmpdir(), 'prism-pod-bench-'))
  const postgres = await startPostgres({ dataDir, temporary: true })
  await migrate(postgres.url)
  try {
    process.exitCode = (await measureEach(site, postgres.url)) ? 0 : 1
  } finally {
    await postgres.stop()
    await rm(dataDir, { recursive: true, force: true })
    server.closeAllConnections()
    server.close()
  }
}

/** Prints each case; whether all are within their budgets. */
async function measureEach(site: string, database: string): Promise<boolean> {
  let isWithin = true
  for (const [key, { what, budgetMb }] of Object.entries(cases)) {
    if (only !== undefined && key !== only) continue
    const started = performance.now()
    const { idle, peak, said, isDone } = await inProcess(key, site, database)
    const [idleMb, peakMb, grownMb] = [idle, peak, peak - idle].map((bytes) => Math.round(bytes / MB)) as [
      number,
      number,
      number,
    ]
    isWithin &&= isDone && grownMb <= budgetMb
    const verdict = !isDone ? 'NOT DONE within' : grownMb <= budgetMb ? 'within' : 'OVER'
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    console.log(
      `${what}: idle ${idleMb} MB, peak ${peakMb} MB, ${grownMb} MB above, ${verdict} its budget of ${budgetMb} MB (${said}; ${seconds} s)`,
    )
  }
  return isWithin
}

interface Measured {
  readonly idle: number
  readonly peak: number
  readonly said: string
  /** False where a case that must come to its end failed. */
  readonly isDone: boolean
}

async function inProcess(key: string, site: string, database: string): Promise<Measured> {
  const args = ['--expose-gc', import.meta.filename, key, site, database]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  for await (const part of child.stdout) text += String(part)
  return JSON.parse(text.trim().split('\n').at(-1) ?? '') as Measured
}

/** 300 MB of nothing, in about 300 kB. */
const bomb = gzipSync(Buffer.alloc(300 * MB), { level: 9 })

async function answer(path: string, response: ServerResponse): Promise<void> {
  response.on('error', () => {})
  if (path.endsWith('/connect/token'))
    return void response.end('{"access_token":"t","token_type":"Bearer","expires_in":3600}')
  if (path.endsWith('/csv')) return pipeline(Readable.from(csvAt(path)), response)
  if (path.endsWith('/small')) return void response.end('{"Codebase":"v2025_1/"}')
  if (path.endsWith('/gzip') || path.includes('/agreements/2/')) {
    response.writeHead(200, { 'content-encoding': 'gzip' })
    return void response.end(bomb)
  }
  return pipeline(Readable.from(row(600 * MB)), response)
}

function* row(bytes: number): Generator<string> {
  const part = `{"id":1,"description":"${'x'.repeat(64_000)}"},`
  yield '['
  for (let sent = 0; sent < bytes; sent += part.length) yield part
  yield '{}]'
}

function csvAt(path: string): Generator<string> {
  if (path.startsWith('/wide')) return csv(900, 'x'.repeat(MB - 1_000))
  return csv(path.startsWith('/short') ? 10 : LINES)
}

function* csv(count: number, description = 'Actual usage for period'): Generator<string> {
  yield 'ResellerName,PrimaryDomainName,SubscriptionId,OfferName,ChargeStartDate,ChargeEndDate,LineDescription,UnitPrice,UnitPriceRrp,Quantity,BillableRatio,SubTotal,SubTotalRrp,AgreementNumber,PurchaseOrderNumber,CustomerName,BillingCycle,TermDurationNumber,TermDurationUnit\n'
  let piece = ''
  for (let at = 0; at < count; at += 1) {
    const id = `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`
    piece += `Northwind Managed Services,customer${at % 5_000}.example,${id},Microsoft 365 Business Premium (NCE Product),2026-09-01,2026-09-30,${description},17.60,22.00,5,1,88.00,110.00,AG-1,,Customer ${at % 5_000},Monthly,1,MONTHS\n`
    if (piece.length < 64_000) continue
    yield piece
    piece = ''
  }
  yield piece
}

const [name, site = '', database = ''] = process.argv.slice(2)
const one = name === undefined ? undefined : cases[name]
if (one === undefined) await measureAll()
else await measure(one, site, database)

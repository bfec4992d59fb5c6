/**
 * plan(), one call an agreement of ten subscriptions, a fifth of which change, against JSON.parse of the full ConnectWise rows that
 * it reads: the agreement, its additions and their catalog items. The same of the month before, which ConnectWise has invoiced. Then
 * the first for many more subscriptions: the cost of each must stay. `BENCH_SUBSCRIPTIONS` sets how many more: 1,000,000 is the size that is meant.
 */
import { plan } from '#lib/billing/plan.ts'
import type { Situation } from '#lib/billing/types.ts'
import { contextOf } from '#lib/jobs/context.ts'
import { drain } from '#lib/jobs/drain.ts'
import { enqueueDetect } from '#lib/jobs/enqueue.ts'
import { closeQueue } from '#lib/jobs/queue.ts'
import type { Worker } from '#lib/jobs/worker.ts'
import { previewAgreement } from '#lib/sync/run.ts'
import type { Row } from '#scripts/bench-table.ts'
import { startDatabase } from './stage/database.ts'
import { median } from './stage/medians.ts'
import { agreementIdOf, type PartnerSize } from './stage/partner.ts'
import { shown, sizeOf } from './stage/sizes.ts'
import { startStandins } from './stage/standins.ts'
import { createOrganisations, program, workerOf } from './stage/worker.ts'

const SUBSCRIPTIONS_EACH = 10
const SMALL = 10_000
const MEDIUM = 100_000
const LARGE = sizeOf('BENCH_SUBSCRIPTIONS', 300_000)
const PARTS = 5
const LONGEST_MS = 10 * 60_000
const MOST_JOBS = 20
const partner: PartnerSize = {
  customers: 50,
  subscriptions: SUBSCRIPTIONS_EACH,
  products: 70,
  changingMonths: ['2026-05'],
}

/** What planning one agreement takes, and the JSON that it was read from. */
interface Read {
  readonly situation: Situation
  readonly texts: readonly string[]
}

export default async function planBenchmark(): Promise<Row[]> {
  const { billed, due: read } = await readMonths()
  costOf(read, SMALL)
  const medium = costOf(read, MEDIUM)
  costOf(billed, SMALL)
  const mediumBilled = costOf(billed, MEDIUM)
  // In turns with the small ones, so that a load that comes and goes meets both.
  const small: number[] = []
  let largeMs = 0
  for (let part = 0; part < PARTS; part += 1) {
    small.push(costOf(read, SMALL).planMs)
    largeMs += costOf(read, LARGE / PARTS).planMs
  }
  return [
    {
      measure: `plan, ${shown(MEDIUM)} subscriptions, ${SUBSCRIPTIONS_EACH} an agreement: time against JSON.parse of their rows`,
      ours: medium.planMs,
      reference: medium.parseMs,
      unit: 'ms',
      budget: { times: 0.5 },
    },
    {
      measure: `plan of a month that is invoiced, ${shown(MEDIUM)} subscriptions: time against JSON.parse of their rows`,
      ours: mediumBilled.planMs,
      reference: mediumBilled.parseMs,
      unit: 'ms',
      budget: { times: 0.5 },
    },
    {
      measure: `plan, a subscription of ${shown(LARGE)} against ${shown(SMALL)}`,
      ours: (1_000 * largeMs) / LARGE,
      reference: (1_000 * median(small)) / SMALL,
      unit: 'µs',
      budget: { times: 1.2 },
    },
  ]
}

/** A month that is synced and invoiced, and the next one, which is about to be synced, as the stand-ins tell them. */
async function readMonths(): Promise<{ readonly billed: Read[]; readonly due: Read[] }> {
  await using standins = await startStandins([partner])
  await using database = await startDatabase()
  const { db } = database
  const organisationIds = await createOrganisations(db, [partner])
  const [organisationId = ''] = organisationIds
  const [site = ''] = standins.addresses.connectWise
  const worker = workerOf(db, { addresses: standins.addresses, organisationIds, jobs: 4 })
  const read = async (): Promise<Read[]> =>
    readAgreements(await contextOf(worker, organisationId, program, 'Ann'), site)
  await enqueueDetect(db, { organisationId, program })
  await drain(worker, { budgetMs: LONGEST_MS })
  await standins.calls.issueNext()
  const billed = await read()
  await look(worker, organisationId)
  const due = await read()
  await closeQueue(db)
  if (writtenShare(billed) !== 0 || writtenShare(due) < 0.15)
    throw new Error(`Of the months, ${writtenShare(billed)} and ${writtenShare(due)} are written.`)
  return { billed, due }
}

/** One job at a time until the new invoice is found: the syncs that it asks for stay in the queue. */
async function look(worker: Worker, organisationId: string): Promise<void> {
  await enqueueDetect(worker.db, { organisationId, program })
  const slow = { ...worker, settings: { ...worker.settings, parallel: 1 } }
  for (let jobs = 0; jobs < MOST_JOBS; jobs += 1)
    if ((await drain(slow, { budgetMs: 0 })).invoicesDetected > 0) return
  throw new Error('No new invoice is found.')
}

async function readAgreements(
  ctx: Parameters<typeof previewAgreement>[0]['ctx'],
  site: string,
): Promise<Read[]> {
  const read: Read[] = []
  for (let customer = 0; customer < partner.customers; customer += 1) {
    const agreementId = agreementIdOf(customer)
    const { situation } = await previewAgreement({ ctx, input: { agreementId } })
    const planned = rowsOf(situation)
    if (planned.length !== SUBSCRIPTIONS_EACH)
      throw new Error(`${planned.length} subscriptions of agreement ${agreementId} are planned.`)
    read.push({ situation, texts: await fullRows(site, agreementId, situation) })
  }
  return read
}

const rowsOf = (situation: Situation) => plan(situation).periods.flatMap(({ subscriptions }) => subscriptions)

/** How many of the subscriptions something is written of, from 0 to 1. */
function writtenShare(read: readonly Read[]): number {
  const rows = read.flatMap(({ situation }) => rowsOf(situation))
  const written = rows.filter(({ changes }) => changes.some(({ kind }) => kind !== 'keep'))
  return written.length / rows.length
}

/** As ConnectWise sends them to who names no fields. */
async function fullRows(site: string, agreementId: number, { catalog }: Situation): Promise<string[]> {
  const authorization = `Basic ${Buffer.from('acme+pub:priv').toString('base64')}`
  const textOf = async (path: string): Promise<string> => {
    const answer = await fetch(`${site}/v2025_1/apis/3.0/${path}`, {
      headers: { authorization, clientid: 'any' },
    })
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`)
    return answer.text()
  }
  const ids = encodeURIComponent(`id in (${catalog.map(({ id }) => id).join(',')})`)
  return Promise.all([
    textOf(`finance/agreements/${agreementId}`),
    textOf(`finance/agreements/${agreementId}/additions?pageSize=1000`),
    textOf(`procurement/catalog?pageSize=1000&conditions=${ids}`),
  ])
}

/** Milliseconds for `subscriptions` of them, both in turns of all that was read, so that both meet the same load. */
function costOf(
  read: readonly Read[],
  subscriptions: number,
): { readonly planMs: number; readonly parseMs: number } {
  let [planMs, parseMs, planned] = [0, 0, 0]
  while (planned < subscriptions) {
    // New values each time, so that nothing that was worked out for the last ones is found again.
    const situations = read.map(({ situation }) => structuredClone(situation))
    let began = performance.now()
    for (const situation of situations) plan(situation)
    planMs += performance.now() - began
    began = performance.now()
    for (const { texts } of read) for (const text of texts) JSON.parse(text)
    parseMs += performance.now() - began
    planned += read.length * SUBSCRIPTIONS_EACH
  }
  return { planMs, parseMs }
}

/**
 * Six months of the demo's customers, month by month: PRISM issues, the scheduled call syncs, ConnectWise invoices. Then every
 * invoice that ConnectWise made of itself must be what the run predicted, and explained against PRISM's to the cent.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '#db/client.ts'
import { createOrganisation } from '#db/directory/organisations.ts'
import { putMapping } from '#db/mappings/mappings.ts'
import { waitingSubscriptions } from '#db/mappings/waiting-table.ts'
import { putProgramSettings } from '#db/prism/programs.ts'
import { runsOf } from '#db/runs/runs.ts'
import { createGuard } from '#lib/base/guarded-fetch.ts'
import { Secret } from '#lib/base/secrets.ts'
import { bill } from '#lib/billing/bill.ts'
import { openPointsOf, wholeFailureCause } from '#lib/billing/open-points.ts'
import { remainder } from '#lib/billing/reconcile.ts'
import type { Amount, Period } from '#lib/billing/types.ts'
import { createConnectWiseClient } from '#lib/connectwise/client.ts'
import { drain } from '#lib/jobs/drain.ts'
import { enqueueDetect } from '#lib/jobs/enqueue.ts'
import { closeQueue } from '#lib/jobs/queue.ts'
import { requestSync } from '#lib/jobs/requests.ts'
import type { Worker } from '#lib/jobs/worker.ts'
import type { PeriodOutcome } from '#lib/ledger/outcome.ts'
import { type ItemWithMonths, itemsWithMonths } from '#lib/ledger/testing/items-with-months.ts'
import { createPrismClient } from '#lib/prism/client.ts'
import { programs } from '#lib/programs/registry.ts'
import { type ConnectWise, createConnectWise } from '#standin/connectwise/server.ts'
import {
  connectWiseSeed,
  customers,
  demoMappings,
  prismClient,
  prismSeed,
  tenantId,
} from '#standin/data/index.ts'
import { createPrism, type Prism } from '#standin/prism/prism.ts'
import { createTestDatabase } from '../../scripts/testing/test-database.ts'
import { statusOf } from './close.ts'

const program = 'microsoft-csp'
const months = ['2026-04', '2026-05', '2026-06', '2026-07', '2026-08', '2026-09'] as const
const agreementIds = [...new Set(demoMappings().map((mapping) => mapping.agreementId))]
const steadyTenants = new Set(
  customers.filter((each) => each.group === 'steady').map((each) => tenantId(each.key)),
)
const steadyAgreements = new Set(
  demoMappings()
    .filter((mapping) => steadyTenants.has(mapping.tenantId))
    .map((mapping) => mapping.agreementId),
)

interface InvoicedLine {
  readonly additionId: number
  readonly month: string
  readonly price: string
  readonly cost: string
}

let prism: Prism
let connectWise: ConnectWise
let address: { prism: string; connectWise: string }
let db: Database
let worker: Worker
let organisationId: string
let close: () => Promise<void>
/** By agreement: what ConnectWise invoiced, whichever invoice it is on. */
const invoiced = new Map<number, InvoicedLine[]>()
/** By agreement and period: the plan as applied. */
const applied = new Map<string, PeriodOutcome>()
let writesOfSecondSync: string[] = []

const clients = async () => {
  const guard = createGuard({
    trustedHosts: new Set(Object.values(address).map((each) => new URL(each).host)),
  })
  return {
    currency: 'AUD',
    prism: createPrismClient({
      apiUrl: address.prism,
      identityUrl: address.prism,
      clientId: prismClient.clientId,
      clientSecret: new Secret(prismClient.clientSecret),
      guard,
    }),
    connectWise: createConnectWiseClient({
      site: address.connectWise,
      companyId: 'prismdemo',
      publicKey: 'demo-public',
      privateKey: new Secret('demo-private'),
      clientId: 'any',
      codebase: 'v2025_1',
      guard,
      timeoutMs: 5000,
    }),
  }
}

const detectAndSync = async (): Promise<void> => {
  await enqueueDetect(db, { organisationId, program })
  const { jobsLeft } = await drain(worker, { budgetMs: 120_000 })
  if (jobsLeft > 0) throw new Error(`${jobsLeft} jobs are left`)
}

const storeNewestRun = async (): Promise<void> => {
  const [run] = await runsOf(db, organisationId, program, { limit: 1, offset: 0 })
  for (const item of run ? await itemsWithMonths(db, organisationId, run.id) : [])
    for (const plan of item.months) applied.set(`${item.agreementId} ${plan.period}`, plan)
}

/** An agreement that has ended has no period to invoice. */
const conflict = 409

const invoiceAgreements = async (): Promise<void> => {
  for (const id of agreementIds) {
    const response = await fetch(`${address.connectWise}/control/agreements/${id}/invoice`, {
      method: 'POST',
    })
    if (response.status === conflict && !steadyAgreements.has(id)) continue
    if (!response.ok) throw new Error(`agreement ${id}: ${response.status} ${await response.text()}`)
    const { lines } = (await response.json()) as { lines: InvoicedLine[] }
    invoiced.set(id, [...(invoiced.get(id) ?? []), ...lines])
  }
}

const writes = (): string[] =>
  connectWise.requests
    .report()
    .requests.filter((each) => each.method !== 'GET' && !each.path.startsWith('/control'))
    .map((each) => `${each.method} ${each.path}`)

beforeAll(async () => {
  const database = await createTestDatabase()
  prism = createPrism({ seed: prismSeed() })
  connectWise = createConnectWise({ seed: connectWiseSeed() })
  address = { prism: await prism.listen(0), connectWise: await connectWise.listen(0) }
  const opened = openDatabase(database.url)
  db = opened.db
  worker = {
    db,
    clients,
    noteUse: async () => undefined,
    settings: { connectWiseTimeoutMs: 5000, leaseMs: 30_000, parallel: 4 },
  }
  close = async () => {
    await closeQueue(db)
    await opened.close()
    await Promise.all([prism.close(), connectWise.close()])
    await database.drop()
  }
  const [microsoftCsp] = programs
  if (!microsoftCsp) throw new Error('There is no program')
  const { id } = await createOrganisation(db, { name: 'Northwind Managed Services' })
  organisationId = id
  await putProgramSettings(db, id, program, {
    ...microsoftCsp.defaults,
    enabled: true,
    syncAzure: true,
    // Those that are billed in advance: their first month, too, is to be compared to the cent.
    firstSync: 'catch-up',
  })
  for (const mapping of demoMappings())
    await putMapping(db, id, program, mapping.tenantId, { ...mapping, syncEnabled: true })
  for (const month of months) {
    await fetch(`${address.prism}/control/invoices/next`, { method: 'POST' })
    await detectAndSync()
    await storeNewestRun()
    if (month === months.at(-1)) {
      const before = writes().length
      await detectAndSync()
      await requestSync(db, {
        organisationId,
        program,
        agreementIds,
        trigger: 'hand',
        actor: 'Ann',
      })
      await drain(worker, { budgetMs: 120_000 })
      writesOfSecondSync = writes().slice(before)
    }
    await invoiceAgreements()
  }
  // In advance, the last month's adjustments are on the following invoice.
  await invoiceAgreements()
})
afterAll(() => close())

const cents = (value: number): number => Math.round(value * 100) / 100
const totalOf = (lines: readonly { price: string; cost: string }[]) => ({
  price: cents(lines.reduce((sum, line) => sum + Number(line.price), 0)),
  cost: cents(lines.reduce((sum, line) => sum + Number(line.cost), 0)),
})

/** Additions that the plan's rows account for. */
const accountedFor = (plan: PeriodOutcome): Set<number> =>
  new Set(
    plan.subscriptions.flatMap((row) => [
      ...row.changes.flatMap((change) => ('additionId' in change ? [change.additionId] : [])),
      ...(row.kind === 'addition' ? row.findings.flatMap((finding) => finding.additionIds) : []),
      ...row.applied.flatMap((each) => (each.additionId === null ? [] : [each.additionId])),
    ]),
  )

const isZero = ({ price, cost }: Amount): boolean => Number(price) === 0 && Number(cost) === 0

describe('Six months of every mapped customer', () => {
  it('are all planned and synced', () => {
    for (const id of steadyAgreements)
      for (const month of months) expect(applied.has(`${id} ${month}`), `${id} ${month}`).toBe(true)
    expect(steadyAgreements.size).toBeGreaterThanOrEqual(12)
  })

  it('ConnectWise invoices what bill() says, addition by addition', async () => {
    const { connectWise: client } = await clients()
    for (const id of agreementIds) {
      const agreement = await client.agreement(id)
      if (!agreement) throw new Error(`no agreement ${id}`)
      const { additions } = await client.additions(id)
      for (const month of months) {
        const predicted = bill(additions, agreement, month as Period)
        const lines = (invoiced.get(id) ?? []).filter((line) => line.month === month)
        expect(totalOf(lines), `agreement ${id} in ${month}`).toEqual(totalOf([predicted.total]))
      }
    }
  })

  it('ConnectWise’s invoices are explained in full: nothing is unexplained, and the terms make the difference', () => {
    for (const id of steadyAgreements) {
      for (const month of months) {
        const plan = applied.get(`${id} ${month}`)
        if (!plan) throw new Error(`agreement ${id} has no plan of ${month}`)
        const ours = accountedFor(plan)
        const lines = (invoiced.get(id) ?? []).filter(
          (line) => line.month === month && ours.has(line.additionId),
        )
        const what = `agreement ${id} in ${month}`
        expect(totalOf(lines), what).toEqual(totalOf([plan.totals.billed]))
        expect(isZero(plan.totals.unexplained), `${what} ${JSON.stringify(plan.totals)}`).toBe(true)
        expect(
          isZero(plan.totals.failed),
          `${what} ${JSON.stringify(plan.subscriptions.flatMap((row) => row.findings))}`,
        ).toBe(true)
        expect(Number(remainder(plan.totals).price)).toBeCloseTo(0, 6)
        expect(Number(remainder(plan.totals).cost)).toBeCloseTo(0, 6)
      }
    }
  })

  it('the index that lists sort by is what the plans and the ledger tell, made again', async () => {
    const items: ItemWithMonths[] = []
    for (const { id } of await runsOf(db, organisationId, program, { limit: 100, offset: 0 }))
      items.push(...(await itemsWithMonths(db, organisationId, id)))
    expect(items.length).toBeGreaterThan(months.length * steadyAgreements.size)
    for (const { agreementId, message, status, firstPeriod, lastPeriod, months: told } of items) {
      const what = `agreement ${agreementId} ${lastPeriod}`
      if (message === null) expect(status, what).toBe(statusOf(told))
      expect([firstPeriod, lastPeriod], what).toEqual([told[0]?.period ?? null, told.at(-1)?.period ?? null])
    }
    const newest = [...Map.groupBy(items, (item) => item.agreementId).values()].map(([item]) => item)
    const told = newest.flatMap((item) =>
      openPointsOf(item?.months ?? []).map(
        (each) => `${item?.agreementId} ${each.subscriptionId} ${each.cause} ${each.from} ${each.to}`,
      ),
    )
    const stored = await db.select().from(waitingSubscriptions)
    expect(
      stored
        .filter(({ cause }) => cause !== wholeFailureCause)
        .map(
          (each) =>
            `${each.agreementId} ${each.subscriptionId} ${each.cause} ${each.period} ${each.lastPeriod}`,
        )
        .sort(),
    ).toEqual(told.sort())
  })

  it('a second sync writes nothing [F2]', () => {
    expect(writesOfSecondSync).toEqual([])
  })
})

/** What three organisations live through, by real syncs against both stand-ins, so that a database holds what it can hold. */
import { sql } from 'drizzle-orm'
import { type Database, openDatabase } from '#db/client.ts'
import { putFormerMapping } from '#db/mappings/former-mappings.ts'
import { putMapping } from '#db/mappings/mappings.ts'
import type { Period } from '#lib/billing/types.ts'
import { closeQueue } from '#lib/jobs/queue.ts'
import { dailyProducts, requestProducts, requestSync } from '#lib/jobs/requests.ts'
import type { Clients, Worker } from '#lib/jobs/worker.ts'
import { letTimePass, syncKilled } from '#lib/sync/testing/killing.ts'
import { clientsOf, settlesSoon, unhurried, workerOf } from '#lib/sync/testing/processes.ts'
import { agreementId, program, secondAgreementId, startSystems, tenantId } from '#lib/sync/testing/world.ts'
import { createConnectWise } from '#standin/connectwise/server.ts'
import { tinySeed } from '#standin/connectwise/testing.ts'
import { connectWiseSeed, demoMappings, prismClient, prismSeed } from '#standin/data/index.ts'
import { createPrism } from '#standin/prism/prism.ts'
import { licences, partner, product, quantity, start, tenant } from '#standin/prism/testing.ts'
import {
  born,
  closeAll,
  finish,
  invoice,
  issue,
  type Life,
  rewrite,
  scheduledCall,
  stopped,
  without,
} from './life.ts'

/** The demo's customers through four months: Azure, price changes, odd additions, refused and unanswered writes, a stop. */
const northwind = async (db: Database): Promise<void> => {
  const prism = createPrism({ seed: prismSeed() })
  const connectWise = createConnectWise({ seed: connectWiseSeed() })
  const addresses = { prism: await prism.listen(0), connectWise: await connectWise.listen(0) }
  const organisationId = await born(db, 'Northwind Managed Services', {
    syncAzure: true,
    guards: { endedShare: 0.3, totalShare: 0.3 },
  })
  const mappings = demoMappings()
  const ids = [...new Set(mappings.map((each) => each.agreementId))]
  for (const each of mappings)
    await putMapping(db, organisationId, program, each.tenantId, {
      ...each,
      agreementName: `Agreement ${each.agreementId}`,
      companyName: `Company ${each.companyId}`,
      syncEnabled: true,
    })
  const keys = {
    companyId: 'prismdemo',
    publicKey: 'demo-public',
    privateKey: 'demo-private',
    prism: prismClient,
  }
  const base = workerOf(db, addresses)
  const worker: Worker = {
    ...base,
    clients: async (): Promise<Clients> => clientsOf(addresses, unhurried.clientMs, keys),
    afterDetect: (ctx, invoicesDetected) => dailyProducts(db, ctx, invoicesDetected > 0),
    settings: { ...base.settings, parallel: 4 },
  }
  const life: Life = { db, organisationId, connectWise, addresses, worker }
  await issue(life)
  await scheduledCall(life)
  await invoice(life, ids)

  await issue(life)
  connectWise.faults.add([{ kind: '403', method: 'POST', path: '*/additions', share: 0.2, seed: 7 }])
  await scheduledCall(life)
  connectWise.faults.clear()
  await requestSync(db, { organisationId, program, trigger: 'api', actor: 'API token “billing”' })
  await finish(life)
  await invoice(life, ids)

  await issue(life)
  await stopped(life, 6)
  await requestSync(db, { organisationId, program, trigger: 'hand', actor: 'Ann' })
  await finish(life)
  await invoice(life, ids)

  await issue(life)
  connectWise.faults.add([
    { kind: 'cut-before', method: 'POST', path: '*/agreements/1/additions' },
    { kind: 'cut-before', method: 'PATCH', path: '*/agreements/2/additions/*' },
    { kind: 'cut-before', method: 'POST', path: '*/agreements/3/additions' },
  ])
  await scheduledCall(life)
  connectWise.faults.clear()
  await closeAll([prism, connectWise])
}

/** Questions that wait: a guard's, an unknown serial number's, a first month that is invoiced already, another content of an invoice. */
const fabrikam = async (db: Database): Promise<void> => {
  const customers = [4, 4, 3, 1]
  const tenantOf = (at: number): string => `tenant-${at}`
  const agreementOf = (at: number): number => 100 + at
  const prism = createPrism({
    issuedAtStart: 1,
    seed: {
      partners: [
        partner({
          products: [product('a'), product('b', '7.35', '9')],
          tenants: customers.map((_, at) => tenant(tenantOf(at), `Customer ${at}`, `c${at}.example`)),
          histories: customers.flatMap((count, at) =>
            Array.from({ length: count }, (_, each) => ({
              ...licences(
                start(10 + each, '2025-06-01', each === 3 ? 'b' : 'a'),
                quantity(12 + each, '2026-05-11'),
              ),
              subscriptionId: `sub-${at}-${each}`,
              tenantId: tenantOf(at),
            })),
          ),
        }),
      ],
    },
  })
  const seed = tinySeed()
  const agreements = customers.map((_, at) => ({
    ...seed.records.agreements?.[0],
    id: agreementOf(at),
    name: `Agreement ${at}`,
    // The last customer's first month is invoiced already, by what, nobody knows.
    nextInvoiceDate: at === customers.length - 1 ? '2026-05-01T00:00:00Z' : '2026-04-01T00:00:00Z',
  }))
  const catalog = ['A', 'B'].map((sku, at) => ({
    ...seed.records.catalog?.[0],
    id: 40 + at,
    identifier: sku,
    vendorSku: sku,
  }))
  const additions = [
    {
      id: 900,
      agreementId: agreementOf(2),
      product: { id: 40 },
      quantity: 4,
      unitCost: 9.5,
      unitPrice: 11.5,
      lessIncluded: 0,
      billCustomer: 'Billable',
      taxableFlag: true,
      serialNumber: 'PO-77',
      effectiveDate: '2026-01-01T00:00:00Z',
    },
  ]
  const connectWise = createConnectWise({
    seed: { ...seed, records: { ...seed.records, agreements, catalog, additions } },
  })
  const addresses = { prism: await prism.listen(0), connectWise: await connectWise.listen(0) }
  const organisationId = await born(db, 'Fabrikam Cloud', {
    guards: { endedShare: 0.3, totalShare: 0.3 },
  })
  for (const [at] of customers.entries())
    await putMapping(db, organisationId, program, tenantOf(at), {
      companyId: 10,
      companyName: 'Wingtip Toys',
      agreementId: agreementOf(at),
      agreementName: `Agreement ${at}`,
      syncEnabled: true,
    })
  const life: Life = { db, organisationId, connectWise, addresses, worker: workerOf(db, addresses) }
  await scheduledCall(life)
  const id = await issue(life)
  await rewrite(life, id, without(/sub-\d-[123],/))
  await scheduledCall(life)
  await rewrite(life, id, without(/sub-0-/))
  await scheduledCall(life)
  await requestSync(db, { organisationId, program, trigger: 'hand', actor: 'Ann' })
  await finish(life)
  await closeAll([prism, connectWise])
}

/** Processes that died in the middle, a move to another agreement, product syncs; the last process that died is not followed. */
const contoso = async (db: Database, databaseUrl: string): Promise<void> => {
  const { prism, connectWise, addresses } = await startSystems({ moving: { isInAdvance: false } })
  const organisationId = await born(db, 'Contoso Resellers', { firstSync: 'catch-up' })
  const names = { companyId: 10, companyName: 'Wingtip Toys' }
  const from = { ...names, agreementId, agreementName: 'Cloud Subscriptions' }
  const to = { ...names, agreementId: secondAgreementId, agreementName: 'Second' }
  await putMapping(db, organisationId, program, tenantId, { ...from, syncEnabled: true })
  const worker = workerOf(db, addresses, settlesSoon)
  const life: Life = { db, organisationId, connectWise, addresses, worker }
  const killed = (at: Parameters<typeof syncKilled>[1]) =>
    syncKilled({ world: { db, databaseUrl, addresses, worker }, organisationId }, at)
  await killed({ write: 4, side: 'after' })
  await letTimePass({ world: { db } })
  await finish(life)
  await invoice(life, [agreementId, secondAgreementId])

  await issue(life)
  await stopped(life, 1)
  await requestSync(db, {
    organisationId,
    program,
    agreementIds: [agreementId],
    trigger: 'pod',
    actor: 'ConnectWise member jmeyer',
  })
  await finish(life)
  await requestProducts(db, { organisationId, program, trigger: 'hand', actor: 'Ann' })
  await finish(life)

  await putFormerMapping(db, organisationId, program, {
    ...from,
    tenantId,
    firstPeriod: '2026-04' as Period,
    lastPeriod: '2026-05' as Period,
    leftBy: 'Ann',
  })
  await putMapping(db, organisationId, program, tenantId, {
    ...to,
    syncEnabled: true,
    firstPeriod: '2026-06' as Period,
  })
  await scheduledCall(life)
  await issue(life)
  await scheduledCall(life)
  await requestSync(db, { organisationId, program, trigger: 'hand', actor: 'Ann' })
  await finish(life)
  await invoice(life, [agreementId, secondAgreementId])
  await issue(life)
  await killed({ write: 2, side: 'after' })
  await closeAll([prism, connectWise])
}

/** Fills an empty, migrated database. */
export const tellAll = async (databaseUrl: string): Promise<void> => {
  const opened = openDatabase(databaseUrl)
  const { db } = opened
  await northwind(db)
  await fabrikam(db)
  // The last one: it leaves a job behind, which another one's drain would take.
  await contoso(db, databaseUrl)
  // They name the processes that had them.
  await db.execute(sql`DELETE FROM leases`)
  await closeQueue(db)
  await opened.close()
}

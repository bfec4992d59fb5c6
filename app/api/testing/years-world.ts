/** A generated partner with years of synced months, which ConnectWise invoices as they come. */
import { sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { organisationIds } from '#db/directory/organisations.ts'
import { generateConnectWise } from '../../../standin/generator/connectwise-seed.ts'
import { generatePrism } from '../../../standin/generator/prism-seed.ts'
import { programSchema } from '../schemas/programs.ts'
import { type ApiWorld, asOwner, type CallApi, settled, startApiWorld } from './api-world.ts'
import { connect, mapCustomer, work } from './organisation.ts'
import { readAnswer } from './reading.ts'

export const PROGRAM = '/api/programs/microsoft-csp'

export interface YearsWorld {
  readonly world: ApiWorld
  readonly api: CallApi
  readonly db: Database
  readonly organisationId: string
  readonly mappings: ReturnType<typeof generateConnectWise>['mappings']
  /** PRISM's next months, synced, and invoiced by ConnectWise. */
  nextMonths(count: number): Promise<void>
  /** Syncs every customer by hand. */
  syncAll(): Promise<void>
}

interface Size {
  readonly customers: number
  /** From 2024-01 on. */
  readonly months: number
  /** Months that PRISM issues before they are synced. */
  readonly monthsAtOnce: number
}

export async function startYears({ customers, months, monthsAtOnce }: Size): Promise<YearsWorld> {
  const prism = generatePrism({
    tenants: customers,
    subscriptions: 5 * customers,
    products: 60,
    firstUsage: '2024-01',
    months: months + 1,
    longTerms: 1,
  })
  const [partner] = prism.partners
  if (partner === undefined) throw new Error('A partner was generated')
  const { seed, mappings } = generateConnectWise(partner)
  const world = await startApiWorld({}, seed, prism)
  const api = await asOwner()
  await connect(world, api)
  const options = { enabled: true, syncAzure: true, annualTermsMonthly: true }
  await readAnswer(api, programSchema, 'PUT', PROGRAM, options)
  for (const mapping of mappings) await mapCustomer(api, mapping)
  const nextMonths = async (count: number): Promise<void> => {
    for (let month = 0; month < count; month += 1) await world.issueNextInvoice()
    await work()
    for (const { agreementId } of mappings)
      for (let month = 0; month < count; month += 1)
        await fetch(`${world.connectWise.url}/control/agreements/${agreementId}/invoice`, { method: 'POST' })
  }
  const syncAll = async (): Promise<void> => {
    for (const { tenantId } of mappings) await api('POST', `${PROGRAM}/customers/${tenantId}/sync`)
    await settled()
    await work()
  }
  // The first sync begins with the newest month that there is.
  await nextMonths(1)
  for (let month = 1; month < months; month += monthsAtOnce)
    await nextMonths(Math.min(monthsAtOnce, months - month))
  const { db } = (await import('#app/process/process.ts')).server()
  const organisationId = (await organisationIds(db))[0] ?? ''
  return { world, api, db, organisationId, mappings, nextMonths, syncAll }
}

/** What all answers about each month, sync, customer and invoice are asked by. */
export async function pagesOf({ db, organisationId, mappings }: YearsWorld): Promise<string[]> {
  const { rows: items } = await db.execute<{ run_id: string; agreement_id: number }>(
    sql`SELECT run_id, agreement_id FROM run_items WHERE organisation_id = ${organisationId} ORDER BY queued_at, agreement_id`,
  )
  const { rows: months } = await db.execute<{ period: string }>(
    sql`SELECT DISTINCT period FROM run_periods WHERE organisation_id = ${organisationId} ORDER BY period`,
  )
  const ofMonths = months.flatMap(({ period }) => {
    const month = `${PROGRAM}/months/${period}`
    return [month, `${month}/csv`, `${month}/reconciliation`, `${month}/reconciliation/csv`]
  })
  const ofCustomers = mappings.flatMap(({ tenantId, agreementId }) => {
    const customer = `${PROGRAM}/customers/${tenantId}`
    const pod = `/api/hosted/agreements/${agreementId}`
    const own = [`${customer}/months`, `${customer}/months/csv`, `${customer}/events`, pod, `${pod}/months`]
    return [
      ...own,
      ...months.flatMap(({ period }) => [`${customer}/months/${period}`, `${pod}/months/${period}`]),
    ]
  })
  const ofRuns = [...new Set(items.map((each) => each.run_id))].flatMap((id) => [
    `/api/runs/${id}`,
    `/api/runs/${id}/csv`,
  ])
  const ofItems = items.map((each) => `/api/runs/${each.run_id}/agreements/${each.agreement_id}`)
  const lists = [
    '/api/runs',
    '/api/runs/csv',
    '/api/runs/found?search=microsoft',
    '/api/runs/found/csv?search=microsoft',
  ]
  const rest = [
    '/api/invoices',
    '/api/invoices/csv',
    '/api/inbox',
    '/api/inbox/csv',
    `${PROGRAM}/customers`,
    '/api/search?q=micro',
  ]
  return [...lists, ...rest, ...ofMonths, ...ofCustomers, ...ofRuns, ...ofItems]
}

/** Each page's answer, whatever it is. */
export async function answersOf({ api }: YearsWorld, pages: readonly string[]): Promise<Map<string, string>> {
  const answers = new Map<string, string>()
  for (const page of pages) {
    const answer = await api('GET', page)
    answers.set(page, `${answer.status} ${await answer.text()}`)
  }
  return answers
}

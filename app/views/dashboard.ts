import { server } from '#app/process/process.ts'
import { connectionsOf } from '#db/connections/connections.ts'
import { customerCounts } from '#db/mappings/customers.ts'
import { loadsUnderWay } from '#db/prism/invoice-loads.ts'
import { invoicesOf } from '#db/prism/invoices.ts'
import { configuredPrograms, programSettings } from '#db/prism/programs.ts'
import { type Program, programs } from '#lib/programs/registry.ts'
import { shownConnection } from './connections.ts'
import { monthSummary } from './month-summary.ts'
import { programResults } from './program-results.ts'
import { listedRuns } from './runs.ts'

const LATEST_RUNS = 10

/** What the dashboard shows, all of it stored. */
export async function dashboard(organisationId: string) {
  const { db } = server()
  const [stored, configured] = await Promise.all([
    connectionsOf(db, organisationId),
    configuredPrograms(db, organisationId),
  ])
  const own = programs.filter(({ slug }) => configured.includes(slug))
  const connections = (['prism', 'connectwise'] as const).map((kind) =>
    shownConnection(kind, stored.find((each) => each.kind === kind) ?? null),
  )
  const shown = await Promise.all(
    (own.length === 0 ? programs : own).map((each) => ofProgram(organisationId, each)),
  )
  return {
    connections,
    programs: shown.map((each) => ({
      ...each,
      // Said once, where it is the connection that fails.
      lastCheckError: connections.some(({ error }) => error === each.lastCheckError)
        ? null
        : each.lastCheckError,
    })),
  }
}

async function ofProgram(organisationId: string, { slug, name }: Program) {
  const { db } = server()
  const [settings, customers, invoices, loading, runs, results, month] = await Promise.all([
    programSettings(db, organisationId, slug),
    customerCounts(db, organisationId, slug),
    invoicesOf(db, organisationId, slug),
    loadsUnderWay(db, organisationId, slug),
    listedRuns(organisationId, slug, { limit: LATEST_RUNS, offset: 0 }),
    programResults(organisationId, slug),
    monthSummary(organisationId, slug),
  ])
  return {
    slug,
    name,
    isEnabled: settings?.enabled ?? false,
    lastCheckedAt: settings?.lastCheckedAt?.toISOString() ?? null,
    lastCheckError: settings?.lastCheckError ?? null,
    customers,
    latestInvoice: invoices.find(({ state }) => state === 'ready') ?? null,
    loading,
    runs,
    results,
    month,
  }
}

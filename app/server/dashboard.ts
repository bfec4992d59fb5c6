import { connectionsOf } from '#db/queries/connections.ts'
import { customerCounts } from '#db/queries/customers.ts'
import { invoicesOf } from '#db/queries/invoices.ts'
import { configuredPrograms, programSettings } from '#db/queries/programs.ts'
import { type Program, programs } from '#lib/programs/registry.ts'
import { server } from './process.ts'
import { programResults } from './program-results.ts'
import { shownConnection } from './shown-connection.ts'
import { listedRuns } from './shown-run.ts'

const LATEST_RUNS = 10

/** What the dashboard shows, all of it stored. */
export async function dashboard(organisationId: string) {
  const { db } = server()
  const [connections, configured] = await Promise.all([
    connectionsOf(db, organisationId),
    configuredPrograms(db, organisationId),
  ])
  const shown = programs.filter(({ slug }) => configured.includes(slug))
  return {
    connections: (['prism', 'connectwise'] as const).map((kind) =>
      shownConnection(kind, connections.find((each) => each.kind === kind) ?? null),
    ),
    programs: await Promise.all(
      (shown.length === 0 ? programs : shown).map((each) => ofProgram(organisationId, each)),
    ),
  }
}

async function ofProgram(organisationId: string, { slug, name }: Program) {
  const { db } = server()
  const [settings, customers, invoices, runs, results] = await Promise.all([
    programSettings(db, organisationId, slug),
    customerCounts(db, organisationId, slug),
    invoicesOf(db, organisationId, slug),
    listedRuns(organisationId, slug, { limit: LATEST_RUNS, offset: 0 }),
    programResults(organisationId, slug),
  ])
  return {
    slug,
    name,
    isEnabled: settings?.enabled ?? false,
    lastCheckedAt: settings?.lastCheckedAt?.toISOString() ?? null,
    lastCheckError: settings?.lastCheckError ?? null,
    customers,
    latestInvoice: invoices.find(({ state }) => state === 'ready') ?? null,
    waiting: invoices.filter(({ state }) => state === 'held' || state === 'refused' || state === 'unread'),
    runs,
    results,
  }
}

import { connectionsOf } from '#db/queries/connections.ts'
import { customerCounts } from '#db/queries/customers.ts'
import { invoicesOf } from '#db/queries/invoices.ts'
import { programSettings } from '#db/queries/programs.ts'
import { server } from './process.ts'
import { shownConnection } from './shown-connection.ts'
import { listedRuns } from './shown-run.ts'

const LATEST_RUNS = 10

/** What the dashboard shows of one program, all of it stored. */
export async function dashboard(organisationId: string, program: string) {
  const { db } = server()
  const [connections, settings, customers, invoices, runs] = await Promise.all([
    connectionsOf(db, organisationId),
    programSettings(db, organisationId, program),
    customerCounts(db, organisationId, program),
    invoicesOf(db, organisationId, program),
    listedRuns(organisationId, program, { limit: LATEST_RUNS, offset: 0 }),
  ])
  return {
    connections: (['prism', 'connectwise'] as const).map((kind) =>
      shownConnection(kind, connections.find((each) => each.kind === kind) ?? null),
    ),
    lastCheckedAt: settings?.lastCheckedAt?.toISOString() ?? null,
    lastCheckError: settings?.lastCheckError ?? null,
    customers,
    latestInvoice: invoices.find(({ state }) => state === 'ready') ?? null,
    waiting: invoices.filter(({ state }) => state === 'held' || state === 'refused'),
    runs,
  }
}

/** What the result cards of a program say (G1). */
import { lastSuccessAt, lastWholeRun, type RunKind, statusCounts } from '#db/queries/run-summaries.ts'
import type { Run } from '#db/queries/runs.ts'
import { server } from './process.ts'
import { shownRun } from './shown-run.ts'

export type Results = Awaited<ReturnType<typeof resultsOf>>

export async function programResults(organisationId: string, program: string) {
  const [customers, products] = await Promise.all([
    resultsOf(organisationId, program, 'customers'),
    resultsOf(organisationId, program, 'products'),
  ])
  return { customers, products }
}

async function resultsOf(organisationId: string, program: string, kind: RunKind) {
  const { db } = server()
  const [successAt, last] = await Promise.all([
    lastSuccessAt(db, organisationId, program, kind),
    lastWholeRun(db, organisationId, program, kind),
  ])
  return {
    successAt: successAt?.toISOString() ?? null,
    last: last === null ? null : { ...shownRun(last), counts: await countsOf(organisationId, last) },
  }
}

/** What is counted of a run, in the words and the order of its card. */
async function countsOf(
  organisationId: string,
  { id, kind, counts }: Run,
): Promise<readonly (readonly [string, number])[]> {
  if (kind === 'products') {
    const { created = 0, updated = 0, unchanged = 0, failed = 0 } = counts ?? {}
    return [
      ['Failed', failed],
      ['Created', created],
      ['Updated', updated],
      ['Unchanged', unchanged],
    ]
  }
  const found = (await statusCounts(server().db, organisationId, [id])).get(id) ?? {}
  return (['Error', 'Warning', 'Success', 'No Change'] as const).map((status) => [status, found[status] ?? 0])
}

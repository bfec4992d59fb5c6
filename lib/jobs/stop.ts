/** A person stops syncs: each ends after the write in flight (F16). */
import type { Database } from '#db/client.ts'
import { audit } from '#db/people/audit.ts'
import { run } from '#db/runs/runs.ts'
import { requestStop, requestStopOfProgram } from '#db/runs/stops.ts'
import { ProductError } from '#lib/base/errors.ts'

export interface StopContext {
  readonly db: Database
  readonly organisationId: string
  readonly actor: string
}

/** False where the run has finished, or was asked before. Throws `not-found`. */
export async function stopRun({
  ctx,
  input,
}: {
  ctx: StopContext
  input: { readonly runId: string }
}): Promise<boolean> {
  const { db, organisationId, actor } = ctx
  const { runId } = input
  if ((await run(db, organisationId, runId)) === null)
    throw new ProductError('not-found', 'There is no such run.')
  return db.transaction(async (tx) => {
    const asked = await requestStop(tx, organisationId, runId, actor)
    if (asked) await audit(tx, organisationId, { actor, action: 'stop-run', subject: runId })
    return asked
  })
}

/** The ids of the program's runs that were asked to end. */
export async function stopProgram({
  ctx,
  input,
}: {
  ctx: StopContext
  input: { readonly program: string }
}): Promise<string[]> {
  const { db, organisationId, actor } = ctx
  const { program } = input
  return db.transaction(async (tx) => {
    const runs = await requestStopOfProgram(tx, organisationId, program, actor)
    await audit(tx, organisationId, { actor, action: 'stop-program', subject: program, detail: { runs } })
    return runs
  })
}

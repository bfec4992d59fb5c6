/** The preflight of an organisation's program, for routes, pages and before each sync. */
import { after } from 'next/server'
import type { ShownPreflight } from '#app/api/schemas/preflight.ts'
import type { Preflight } from '#db/connections/preflights.ts'
import { log } from '#lib/base/log.ts'
import { programOptions } from '#lib/intake/context.ts'
import { type Program, programs } from '#lib/programs/registry.ts'
import { freshPreflight, type PreflightContext, roleDescription, runPreflight } from '#lib/setup/preflight.ts'
import { type SyncContext } from '#lib/sync/context.ts'
import { connectWiseOf } from './clients.ts'
import { server } from './process.ts'

/** Throws `connectwise-not-connected`. */
export async function preflightContext(organisationId: string, program: Program): Promise<PreflightContext> {
  const { db } = server()
  const { defaults } = await programOptions(db, organisationId, program)
  const { client } = await connectWiseOf(organisationId)
  return { db, organisationId, program: program.slug, names: defaults, connectWise: client }
}

/** A preflight that cannot be made says nothing about the sync, which meets the same trouble and reports it. */
export async function preflightBeforeSync(ctx: SyncContext): Promise<void> {
  const { db, organisationId, program, options, connectWise, log } = ctx
  const names = options.defaults
  await freshPreflight({ ctx: { db, organisationId, program: program.slug, names, connectWise } }).catch(
    (error: unknown) => log.warn('preflight-failed', { error }),
  )
}

/** After ConnectWise was connected: what was found of another one is not true of this. */
export function preflightAfterConnecting(organisationId: string): void {
  after(async () => {
    for (const program of programs) {
      await preflightContext(organisationId, program)
        .then((ctx) => runPreflight({ ctx }))
        .catch((error: unknown) => log.warn('preflight-failed', { organisationId, error }))
    }
  })
}

export const shownPreflight = ({ checkedAt, checks }: Preflight): ShownPreflight => ({
  checkedAt: checkedAt.toISOString(),
  checks: checks.map((check) => ({ ...check, items: [...check.items] })),
  role: roleDescription(),
})

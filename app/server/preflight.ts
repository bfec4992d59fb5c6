/** The preflight of an organisation's program, for routes, pages and before each sync. */
import type { ShownPreflight } from '#app/api/schemas/preflight.ts'
import type { Preflight } from '#db/queries/preflights.ts'
import type { Program } from '#lib/programs/registry.ts'
import { type PreflightContext, roleDescription } from '#lib/setup/preflight.ts'
import { programOptions } from '#lib/sync/context.ts'
import { connectWiseOf } from './clients.ts'
import { server } from './process.ts'

/** Throws `connectwise-not-connected`. */
export async function preflightContext(organisationId: string, program: Program): Promise<PreflightContext> {
  const { db } = server()
  const { defaults } = await programOptions(db, organisationId, program)
  const { client } = await connectWiseOf(organisationId)
  return { db, organisationId, program: program.slug, names: defaults, connectWise: client }
}

export const shownPreflight = ({ checkedAt, checks }: Preflight): ShownPreflight => ({
  checkedAt: checkedAt.toISOString(),
  checks: checks.map((check) => ({ ...check, items: [...check.items] })),
  role: roleDescription(),
})

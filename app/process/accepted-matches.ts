/** Suggestions that a person accepts (J7), and takes back. */
import { randomUUID } from 'node:crypto'
import type { BodyOf } from '#app/contracts/contract.ts'
import type { Reply, Table } from '#app/contracts/table.ts'
import { refuse } from '#app/http/api-route.ts'
import { leaveContext } from '#app/views/leaving.ts'
import { tenantsByIds } from '#db/prism/tenants.ts'
import type { Principal } from '#lib/auth/actions.ts'
import type { Program } from '#lib/programs/registry.ts'
import { undoAcceptance } from '#lib/setup/undo-acceptance.ts'
import { reviewChanges, saveChanges } from './mapping-changes.ts'
import type { Match } from './meant-matches.ts'
import { server } from './process.ts'

type Path = 'programs/{program}/customers/match'

/**
 * Maps the customers as they were shown, or one as it is named. Throws `conflict` where something has changed since, and where the
 * one that is named cannot be mapped so.
 */
export async function acceptMatches(
  principal: Principal,
  program: Program,
  { matches, seen, leftOut }: BodyOf<Table[`POST /api/${Path}`]>,
): Promise<Reply<`POST /api/${Path}`>> {
  const acceptance = randomUUID()
  const shown = seen ?? (await seenOfOne(principal, program, matches))
  const { saved } = await saveChanges(
    principal,
    program,
    { matches },
    { seen: shown, leftOut, acceptedIn: acceptance },
  )
  return { saved, acceptance }
}

/** One match is shown by its row; what would be wrong with it is the answer. */
async function seenOfOne(principal: Principal, program: Program, matches: readonly Match[]): Promise<string> {
  const { seen, changes } = await reviewChanges(principal, program, { matches })
  const wrong = changes.flatMap(({ problems }) => problems.map(({ says }) => says))
  if (wrong.length > 0) throw refuse('conflict', wrong.join(' '))
  return seen
}

/** Takes back what was accepted at once, as far as nothing was written since. Throws `not-found` where nothing of it is left. */
export async function takeBackMatches(
  { organisationId, actor }: Principal,
  program: Program,
  acceptance: string,
): Promise<Reply<`POST /api/${Path}/{acceptance}/undo`>> {
  const ctx = await leaveContext(organisationId, program.slug, actor)
  const { takenBack, kept } = await undoAcceptance({ ctx, input: { acceptance } })
  const ids = kept.map(({ tenantId }) => tenantId)
  const tenants = await tenantsByIds(server().db, organisationId, program.slug, ids)
  const nameOf = new Map(tenants.map(({ id, name }) => [id, name]))
  return {
    takenBack: [...takenBack],
    kept: kept.map((each) => ({ ...each, name: nameOf.get(each.tenantId) ?? each.tenantId })),
  }
}

/** Mapping a customer to the One-Time agreement that carries what it is billed at once (J9), with this process's clients. */
import type { BodyOf } from '#app/contracts/contract.ts'
import type { Reply, Table } from '#app/contracts/table.ts'
import { shownOneTime } from '#app/views/annual-terms.ts'
import { leaveContext } from '#app/views/leaving.ts'
import { listTenants } from '#app/views/tenants.ts'
import { lookNoLaterThan } from '#db/directory/due-looks.ts'
import type { Principal } from '#lib/auth/actions.ts'
import type { Program } from '#lib/programs/registry.ts'
import { mapOneTime, unmapOneTime } from '#lib/setup/map-one-time.ts'
import { connectWiseOf } from './clients.ts'
import { server } from './process.ts'

interface Place {
  readonly program: Program
  readonly tenantId: string
}

type Path = 'programs/{program}/customers/{tenantId}/one-time-mapping'

/** Throws what `mapOneTime` throws. With Sync on, the next look carries what waits. */
export async function putOneTime(
  { organisationId, actor }: Principal,
  { program, tenantId }: Place,
  input: BodyOf<Table[`PUT /api/${Path}`]>,
): Promise<Reply<`PUT /api/${Path}`>> {
  const { client: connectWise } = await connectWiseOf(organisationId)
  const ctx = {
    ...(await leaveContext(organisationId, program.slug, actor)),
    connectWise,
    listTenants: () => listTenants(organisationId, program),
  }
  const { mapping, left } = await mapOneTime({ ctx, input: { ...input, tenantId } })
  if (mapping.syncEnabled) await lookNoLaterThan(server().db, organisationId, new Date())
  return { tenantId, oneTime: shownOneTime(mapping), left }
}

/** Throws `not-mapped`, `already-running`. */
export async function clearOneTime(
  { organisationId, actor }: Principal,
  { program, tenantId }: Place,
): Promise<Reply<`DELETE /api/${Path}`>> {
  const ctx = await leaveContext(organisationId, program.slug, actor)
  return { left: await unmapOneTime({ ctx, input: { tenantId } }) }
}

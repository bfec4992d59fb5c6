/** Mapping a customer to an agreement, moving it and clearing it (E4, E5), with this process's clients. */
import { mappedCustomerSchema } from '#app/api/schemas/customers.ts'
import type { BodyOf, QueryOf } from '#app/contracts/contract.ts'
import type { Reply, Table } from '#app/contracts/table.ts'
import { refuse } from '#app/http/api-route.ts'
import { beginContext } from '#app/views/beginning.ts'
import { leaveContext, orAsk, shownLeaving } from '#app/views/leaving.ts'
import { listTenants } from '#app/views/tenants.ts'
import { firstSyncs } from '#db/mappings/customers.ts'
import { mapping } from '#db/mappings/mappings.ts'
import type { Principal } from '#lib/auth/actions.ts'
import { programOptions } from '#lib/intake/context.ts'
import type { Program } from '#lib/programs/registry.ts'
import { endLeft } from '#lib/setup/end-left.ts'
import { leavingOf } from '#lib/setup/leave-agreement.ts'
import { type MapContext, mapCustomer, unmapCustomer } from '#lib/setup/map-customer.ts'
import { reviseStarts } from '#lib/sync/begin.ts'
import { passOverMissed } from '#lib/sync/missed.ts'
import { connectWiseOf } from './clients.ts'
import { refuseDoubled } from './doubled.ts'
import { server } from './process.ts'
import { runJobsAfterwards } from './worker.ts'

interface Place {
  readonly program: Program
  readonly tenantId: string
}

type Path = 'programs/{program}/customers/{tenantId}/mapping'

/** Throws `still-billed` with what stays open where the customer leaves an agreement, and what `mapCustomer` throws. */
export async function putMapping(
  { organisationId, actor }: Principal,
  { program, tenantId }: Place,
  { missed = 'all', begin, ...input }: BodyOf<Table[`PUT /api/${Path}`]>,
): Promise<Reply<`PUT /api/${Path}`>> {
  const { db } = server()
  const options = await programOptions(db, organisationId, program)
  const { client: connectWise } = await connectWiseOf(organisationId)
  const leave = await leaveContext(organisationId, program.slug, actor)
  const passOver: MapContext['onSwitchedOn'] = (tx, of) =>
    passOverMissed(tx, { organisationId, program, options, actor }, of)
  const ctx: MapContext = {
    ...leave,
    connectWise,
    listTenants: () => listTenants(organisationId, program),
    refuseDoubled: refuseDoubled({ organisationId, actor }, program),
    ...(missed === 'all' ? {} : { onSwitchedOn: passOver }),
  }
  return orAsk(leave.currency, async () => {
    const given = { ...input, tenantId, ...(begin === undefined ? {} : { begin }) }
    const mapped = await mapCustomer({ ctx, input: given })
    if (begin !== undefined) {
      const beginning = await beginContext(organisationId, program, actor)
      await reviseStarts({ ctx: beginning, input: { tenantId, begin } })
    }
    const first = await firstSyncs(db, organisationId, program.slug, [tenantId])
    return mappedCustomerSchema.parse({ tenantId, mapping: mapped, firstSync: first.get(tenantId) ?? null })
  })
}

/** Throws `still-billed` with what stays open, and what `unmapCustomer` throws. */
export async function clearMapping(
  { organisationId, actor }: Principal,
  { program, tenantId }: Place,
  { end, leave }: QueryOf<Table[`DELETE /api/${Path}`]>,
): Promise<void> {
  const ctx = await leaveContext(organisationId, program.slug, actor)
  await orAsk(ctx.currency, () => unmapCustomer({ ctx, input: { tenantId, end, leave: leave === 'true' } }))
}

/**
 * What stays open where the customer is mapped, should it move to another agreement, or its mapping be cleared (E5). Throws
 * `not-mapped`, `not-found`.
 * @param agreementId where it would move; left out: nowhere
 */
export async function mappingConsequences(
  { organisationId, actor }: Principal,
  { program, tenantId }: Place,
  agreementId: number | undefined,
): Promise<Reply<`GET /api/${Path}/consequences`>> {
  const before = await mapping(server().db, organisationId, program.slug, tenantId)
  if (before === null) throw refuse('not-mapped', 'The customer is not mapped to an agreement.')
  if (before.agreementId === agreementId) return { leaving: null }
  const ctx = await leaveContext(organisationId, program.slug, actor)
  const target =
    agreementId === undefined
      ? null
      : await (await connectWiseOf(organisationId)).client.agreement(agreementId)
  if (agreementId !== undefined && target === null)
    throw refuse('not-found', `ConnectWise has no agreement ${agreementId}.`)
  return { leaving: shownLeaving(await leavingOf(ctx, before, target), ctx.currency) }
}

type LeftPath = 'programs/{program}/customers/{tenantId}/left/{agreementId}'

/** Has what the customer left on an agreement end there. Throws what `endLeft` throws. */
export async function endWhatWasLeft(
  { organisationId, actor }: Principal,
  { program, tenantId, agreementId }: Place & { readonly agreementId: number },
  { end }: BodyOf<Table[`PUT /api/${LeftPath}`]>,
): Promise<Reply<`PUT /api/${LeftPath}`>> {
  const ctx = await leaveContext(organisationId, program.slug, actor)
  await endLeft({ ctx, input: { tenantId, agreementId, end } })
  runJobsAfterwards()
  return { end }
}

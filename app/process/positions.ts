/** How far customers and subscriptions are synced, moved by hand while nobody syncs their agreement (F12). */
import type { BodyOf } from '#app/contracts/contract.ts'
import type { Reply, Table } from '#app/contracts/table.ts'
import { whatFollows } from '#db/mappings/bring-sync.ts'
import { mapping } from '#db/mappings/mappings.ts'
import type { Principal } from '#lib/auth/actions.ts'
import type { Follows } from '#lib/billing/sync-follows.ts'
import type { Program } from '#lib/programs/registry.ts'
import { skipPeriod, startAtPeriod, unskipPeriod } from '#lib/setup/positions.ts'
import { server } from './process.ts'
import { whileNobodySyncs } from './worker.ts'

interface Place {
  readonly program: Program
  readonly tenantId: string
}

type Path = '/api/programs/{program}/customers/{tenantId}'

const contextOf = ({ organisationId, actor }: Principal, { program: { slug: program } }: Place) => ({
  db: server().db,
  organisationId,
  program,
  actor,
  alone: <T>(agreementId: number, work: () => Promise<T>): Promise<T> =>
    whileNobodySyncs(organisationId, program, agreementId, work),
})

export async function startAt(
  principal: Principal,
  place: Place,
  { first }: BodyOf<Table[`PUT ${Path}/next-period`]>,
): Promise<Reply<`PUT ${Path}/next-period`>> {
  const { tenantId } = place
  await startAtPeriod({ ctx: contextOf(principal, place), input: { tenantId, first } })
  return { first }
}

export async function skip(
  principal: Principal,
  place: Place,
  month: BodyOf<Table[`POST ${Path}/skip`]>,
): Promise<Reply<`POST ${Path}/skip`>> {
  const input = { ...month, tenantId: place.tenantId }
  const skipped = await skipPeriod({ ctx: contextOf(principal, place), input })
  return { ...month, skipped, follows: await followsOf(principal, place) }
}

export async function unskip(
  principal: Principal,
  place: Place,
  month: BodyOf<Table[`POST ${Path}/unskip`]>,
): Promise<Reply<`POST ${Path}/unskip`>> {
  const input = { ...month, tenantId: place.tenantId }
  const planned = await unskipPeriod({ ctx: contextOf(principal, place), input })
  return { ...month, planned, follows: await followsOf(principal, place) }
}

async function followsOf(
  { organisationId }: Principal,
  { program: { slug: program }, tenantId }: Place,
): Promise<Follows> {
  const { db } = server()
  const mapped = await mapping(db, organisationId, program, tenantId)
  return mapped === null ? 'sync-off' : whatFollows(db, organisationId, program, mapped.agreementId)
}

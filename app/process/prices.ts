/** PRISM's price where an addition bills another one (J3): what it would write, and a person's yes to it. */
import type { BodyOf } from '#app/contracts/contract.ts'
import type { Reply, Table } from '#app/contracts/table.ts'
import type { Principal } from '#lib/auth/actions.ts'
import { subscriptionKey } from '#lib/billing/keys.ts'
import { moneyOf, type Preview } from '#lib/billing/plan-money.ts'
import { agreePrice, offeredPrice, type PricePlace } from '#lib/inbox/agree-price.ts'
import { requestSync } from '#lib/jobs/requests.ts'
import type { Program } from '#lib/programs/registry.ts'
import { previewAgreement } from '#lib/sync/run.ts'
import { server } from './process.ts'
import { refuseOff } from './requests.ts'
import { runJobsAfterwards, syncContextOf } from './worker.ts'

type Place = PricePlace & { readonly program: Program }
type Path = '/api/programs/{program}/customers/{tenantId}/price/{subscriptionId}'

/** What a sync of the agreement would write with a yes to the price that is offered. Throws `not-found`. */
export async function planAtPrismsPrice(
  { organisationId, actor }: Principal,
  { program: { slug: program }, ...place }: Place,
): Promise<Preview> {
  const { agreementId, ...offer } = await offeredPrice({ db: server().db, organisationId, program }, place)
  const ctx = await syncContextOf(organisationId, program, actor)
  const asIfAgreed = { [subscriptionKey(place.subscriptionId)]: offer }
  const { situation, plan } = await previewAgreement({ ctx, input: { agreementId, asIfAgreed } })
  return { ...plan, money: moneyOf(situation, plan), review: null }
}

/** Throws what `agreePrice` throws, and `sync-off`. */
export async function billAtPrismsPrice(
  { organisationId, actor, via }: Principal,
  { program: { slug: program }, ...place }: Place,
  offer: BodyOf<Table[`POST ${Path}`]>,
): Promise<Reply<`POST ${Path}`>> {
  const { db } = server()
  await refuseOff(organisationId, program)
  const ctx = { db, organisationId, program, actor }
  const agreementId = await agreePrice({ ctx, input: { ...place, ...offer } })
  const request = { organisationId, program, agreementIds: [agreementId], trigger: via, actor }
  const runId = await requestSync(db, request)
  runJobsAfterwards()
  return { runId }
}

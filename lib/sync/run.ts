/** A sync of one agreement, top to bottom: collect, plan, apply, record, for each invoice it is behind on, oldest first. */
import { runItem, startItem } from '#db/queries/runs.ts'
import { disputedIn, plan } from '#lib/billing/plan.ts'
import type { Period, Plan, Situation } from '#lib/billing/types.ts'
import { collect, type Stand, standOf } from './collect.ts'
import { leaseResource, type SyncContext } from './context.ts'
import { type Ending, endingOf, endingOfStop, nothingInvoiced, waitsForInvoice } from './endings.ts'
import { type Lease, withLease } from './lease.ts'
import { failedIn, finishItem, recordPeriod } from './record.ts'
import { settle } from './settle.ts'
import { stopOf } from './stop.ts'
import { syncUsage } from './usage.ts'

export interface SyncInput {
  readonly runId: string
  readonly agreementId: number
}

/**
 * Syncs one agreement of a run, as its only writer. What goes wrong with it is recorded, not thrown; thrown is
 * `already-running` and `lease-lost`, where another process is at it.
 */
export const syncAgreement = async ({
  ctx,
  input,
}: {
  ctx: SyncContext
  input: SyncInput
}): Promise<void> => {
  const { db, organisationId } = ctx
  const resource = leaseResource(ctx.program.slug, input.agreementId)
  await withLease(ctx, { resource, what: `Agreement ${input.agreementId}` }, async (lease) => {
    await startItem(db, organisationId, input.runId, input.agreementId)
    const stand = await standOf(ctx, input.agreementId)
    const ending = await syncPeriods(ctx, input, stand, lease).catch((error: unknown) => endingOf(ctx, error))
    await finishItem(ctx, input, stand, ending)
  })
}

const syncPeriods = async (
  ctx: SyncContext,
  input: SyncInput,
  stand: Stand,
  lease: Lease,
): Promise<Ending> => {
  const { db, organisationId } = ctx
  await settle(ctx, input.agreementId)
  const item = await runItem(db, organisationId, input.runId, input.agreementId)
  const recorded = item?.plans ?? []
  const tenantIds = stand.syncing.map((each) => each.tenantId)
  const { due, waitsFor } = stand.progress
  const ending = waitsFor === null ? null : waitsForInvoice(waitsFor)
  if (due.length === 0) {
    const isOff = tenantIds.length === 0
    const stop = isOff ? await stopOf(ctx, { ...input, tenantIds: item?.tenantIds ?? [] }) : null
    return ending ?? (stop === null ? nothingInvoiced : endingOfStop(stop))
  }
  let waiting: Readonly<Record<string, Period>> = {}
  let disputed: readonly number[] = []
  for (const invoice of due.filter(({ id }) => !recorded.some((each) => each.invoiceId === id))) {
    const stop = await stopOf(ctx, { ...input, tenantIds })
    if (stop !== null) return endingOfStop(stop)
    const synced = await syncUsage({ ctx, input: { ...input, tenantIds, invoice, waiting, disputed, lease } })
    await recordPeriod(ctx, input, stand, synced)
    if (synced.interrupted?.by === 'stop') return endingOfStop(synced.interrupted.stop)
    if (synced.interrupted?.by === 'unknown') return { status: 'Error', message: null, lookAgain: true }
    waiting = { ...failedIn(synced), ...waiting }
    disputed = [...disputed, ...disputedIn(synced.plan.subscriptions)]
  }
  return ending ?? { status: 'No Change', message: null }
}

/** What a sync would do now: the same reads and the same plan, and nothing after them. */
export const previewAgreement = async ({
  ctx,
  input,
}: {
  ctx: SyncContext
  input: { readonly agreementId: number; readonly asIfSyncing?: readonly string[] }
}): Promise<{ situation: Situation; plan: Plan }> => {
  const situation = await collect({ ctx, input })
  return { situation, plan: plan(situation) }
}

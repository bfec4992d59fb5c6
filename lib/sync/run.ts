/** A sync of one agreement, top to bottom: collect, plan, apply, record, for each invoice it is behind on, oldest first. */
import { runItem, startItem } from '#db/runs/runs.ts'
import { ProductError } from '#lib/base/errors.ts'
import { plan } from '#lib/billing/plan.ts'
import type { Plan, Situation } from '#lib/billing/types.ts'
import { leaseResource } from '#lib/ledger/context.ts'
import { type Lease, withLease } from '#lib/ledger/lease.ts'
import { settle } from '#lib/ledger/settle.ts'
import { finishItem, lookAgainAt, recordPeriod } from './close.ts'
import { collect, type Stand, standOf } from './collect.ts'
import { type SyncContext } from './context.ts'
import { type Ending, endingOf, endingOfStop, nothingInvoiced, waitsForInvoice } from './endings.ts'
import { leftBefore, noteFormer } from './former.ts'
import { heldBackAfter, nothingHeldBack } from './held-back.ts'
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
  // What is left on agreements that its customers were mapped to ends first: so a process that dies here leaves nobody billed twice.
  for (const agreementId of await leftBefore(ctx, input.runId, input.agreementId))
    await syncOne(ctx, { ...input, agreementId })
  const item = await runItem(ctx.db, ctx.organisationId, input.runId, input.agreementId)
  if (item?.state !== 'finished') await syncOne(ctx, input)
}

const syncOne = async (ctx: SyncContext, input: SyncInput): Promise<void> => {
  const { db, organisationId } = ctx
  const resource = leaseResource(ctx.program.slug, input.agreementId)
  await withLease(ctx, { resource, what: `Agreement ${input.agreementId}` }, async (lease) => {
    await startItem(db, organisationId, input.runId, input.agreementId)
    const stand = await standOf(ctx, input.agreementId)
    const last: LastReading = { situation: null, isGone: false }
    const ending = await syncPeriods(ctx, input, stand, lease, last).catch((error: unknown) => {
      last.isGone = error instanceof ProductError && error.code === 'not-found'
      return endingOf(ctx, error)
    })
    await finishItem(ctx, input, stand, ending)
    await finishFormer(ctx, input.agreementId, stand, last, ending)
  })
}

/** The agreement as a sync read it last; it is gone where ConnectWise has it no more. */
interface LastReading {
  situation: Situation | null
  isGone: boolean
}

const syncPeriods = async (
  ctx: SyncContext,
  input: SyncInput,
  stand: Stand,
  lease: Lease,
  last: LastReading,
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
  let lookAgain: Pick<Ending, 'lookAgain'> = {}
  let heldBack = nothingHeldBack
  for (const invoice of due.filter(({ id }) => !recorded.some((each) => each.invoiceId === id))) {
    const stop = await stopOf(ctx, { ...input, tenantIds })
    if (stop !== null) return endingOfStop(stop)
    const synced = await syncUsage({ ctx, input: { ...input, tenantIds, invoice, heldBack, lease } })
    await recordPeriod(ctx, input, stand, synced)
    last.situation = synced.situation
    if (Object.keys(synced.situation.stillBilled ?? {}).length > 0) lookAgain = { lookAgain: true }
    if (synced.interrupted?.by === 'stop') return endingOfStop(synced.interrupted.stop)
    if (synced.interrupted?.by === 'unknown') return { status: 'Error', message: null, lookAgain: true }
    heldBack = heldBackAfter(heldBack, synced.plan)
  }
  return { ...(ending ?? { status: 'No Change', message: null }), ...lookAgain }
}

/** Notes what came of it for customers that left the agreement. */
const finishFormer = async (
  ctx: SyncContext,
  agreementId: number,
  { former, progress }: Stand,
  { situation, isGone }: LastReading,
  ending: Ending,
): Promise<void> => {
  if (former.here.length === 0) return
  const after = await standOf(ctx, agreementId)
  await noteFormer(ctx.db, ctx, agreementId, former.here, {
    invoiceId: progress.invoices.at(-1)?.id ?? null,
    lookAgainAt: lookAgainAt(ctx.now(), ending),
    situation,
    isGone,
    isOpen: after.progress.isOpen,
  })
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

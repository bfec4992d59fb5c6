/** A sync of one agreement, top to bottom: each month that it is behind on, oldest first, is collected, planned, stored, sent and proved. */
import { lookAtAgreementsAgain } from '#db/mappings/mappings.ts'
import { oneTimeMappingsOfAgreement } from '#db/mappings/one-time.ts'
import { roundsBegun } from '#db/runs/run-periods.ts'
import { run, runItem, startItem } from '#db/runs/runs.ts'
import { ProductError } from '#lib/base/errors.ts'
import type { JobEnd } from '#lib/base/job-end.ts'
import { type HeldBack, heldBackAfter, nothingHeldBack } from '#lib/billing/held-back.ts'
import { preview } from '#lib/billing/preview.ts'
import type { Period, Plan, Situation } from '#lib/billing/types.ts'
import { isTimeUp } from '#lib/intake/context.ts'
import { leaseResource } from '#lib/ledger/context.ts'
import { type Lease, withLease } from '#lib/ledger/lease.ts'
import { isClosed } from '#lib/ledger/outcome.ts'
import { outcomesOf } from '#lib/ledger/outcomes.ts'
import { settle } from '#lib/ledger/settle.ts'
import { type AgreementState, agreementStateOf } from './agreement-state.ts'
import { annualStateOf } from './annual/annual-state.ts'
import { syncAnnual } from './annual/sync-annual.ts'
import { linesWritten, undoOneTime } from './annual/undo-sync.ts'
import { finishFormer, finishItem, type ItemOfRun, type LastReading, recordMonth } from './close.ts'
import { type CollectInput, collect } from './collect.ts'
import type { SyncContext } from './context.ts'
import {
  type Ending,
  endingOf,
  endingOfCut,
  endingOfStop,
  nothingInvoiced,
  unanswered,
  waitsForInvoice,
} from './endings.ts'
import { leftBefore } from './former.ts'
import { isGood } from './held-back.ts'
import { asInvoiced, syncMonth } from './month.ts'
import { setBackAgreement } from './set-back.ts'
import { stopOf } from './stop.ts'
import { undoAgreement } from './undo.ts'

export interface SyncInput {
  readonly runId: string
  readonly agreementId: number
}

/**
 * Syncs one agreement of a run, or takes back what an earlier one wrote there, as its only writer. What goes wrong with it is recorded, not thrown; thrown is
 * `already-running` and `lease-lost`, where another process is at it. Where its time is up, or a write without an answer has to
 * be waited for, it is to be called again, and goes on where it stopped.
 */
export const syncAgreement = async ({
  ctx,
  input,
}: {
  ctx: SyncContext
  input: SyncInput
}): Promise<JobEnd> => {
  const asked = await run(ctx.db, ctx.organisationId, input.runId)
  if (asked?.undoes) {
    const of = { ...input, undoes: asked.undoes, by: asked.actor }
    const lines = await linesWritten(ctx, of)
    return alone(ctx, { ...input, of: asked }, (lease) =>
      lines.length > 0 ? undoOneTime(ctx, of, lines, lease) : undoAgreement(ctx, of, lease),
    )
  }
  if (asked?.setsBack) {
    const of = { ...input, subscriptionIds: asked.setsBack }
    return alone(ctx, { ...input, of: asked }, (lease) => setBackAgreement(ctx, of, lease))
  }
  const { slug } = ctx.program
  const oneTime = await oneTimeMappingsOfAgreement(ctx.db, ctx.organisationId, slug, input.agreementId)
  const item = { ...input, of: asked }
  if (oneTime.length > 0) return syncOneTime(ctx, item)
  // What is left on agreements that its customers were mapped to ends first: so a process that dies here leaves nobody billed twice.
  for (const agreementId of await leftBefore(ctx, input.runId, input.agreementId)) {
    const end = await syncOne(ctx, { ...item, agreementId })
    if (end !== 'done') return end
  }
  return syncOne(ctx, item)
}

/** What is no sync of its months: an undo, a setting back. */
const alone = (
  ctx: SyncContext,
  input: ItemOfRun,
  work: (lease: Lease) => Promise<Ending | Exclude<JobEnd, 'done'>>,
): Promise<JobEnd> =>
  asOnlyWriter(ctx, input, async (lease) => {
    const ending = await work(lease).catch((error: unknown) => endingOf(ctx, error))
    if ('againInMs' in ending) return ending
    await finishItem(ctx, input, null, ending)
    // What else is to be said of the agreement is found by a look of its own.
    await lookAtAgreementsAgain(ctx.db, ctx.organisationId, ctx.program.slug, [input.agreementId], ctx.now())
    return 'done'
  })

const asOnlyWriter = (
  ctx: SyncContext,
  input: SyncInput,
  work: (lease: Lease) => Promise<JobEnd>,
): Promise<JobEnd> => {
  const resource = leaseResource(ctx.program.slug, input.agreementId)
  return withLease(ctx, { resource, what: `Agreement ${input.agreementId}` }, async (lease) => {
    if (!(await startItem(ctx.db, ctx.organisationId, input.runId, input.agreementId))) return 'done'
    return work(lease)
  })
}

/** A One-Time agreement: its annual invoices instead of months (J9). */
const syncOneTime = (ctx: SyncContext, input: ItemOfRun): Promise<JobEnd> =>
  asOnlyWriter(ctx, input, async (lease) => {
    const annual = await annualStateOf(ctx, input.agreementId)
    const ending = await syncAnnual(ctx, input, annual, lease).catch((error: unknown) => endingOf(ctx, error))
    if ('againInMs' in ending) return ending
    await finishItem(ctx, input, null, ending, annual)
    return 'done'
  })

const syncOne = (ctx: SyncContext, input: ItemOfRun): Promise<JobEnd> =>
  asOnlyWriter(ctx, input, async (lease) => {
    const state = await agreementStateOf(ctx, input.agreementId)
    const last: LastReading = { situation: null, isGone: false }
    const ending = await syncMonths(ctx, input, state, lease, last).catch((error: unknown) => {
      last.isGone = error instanceof ProductError && error.code === 'agreement-gone'
      return endingOf(ctx, error)
    })
    if ('againInMs' in ending) return ending
    const status = await finishItem(ctx, input, state, ending)
    await finishFormer(ctx, input.agreementId, state, last, ending, status)
    return 'done'
  })

/** @param last is set to what was read of the agreement last */
const syncMonths = async (
  ctx: SyncContext,
  input: SyncInput,
  state: AgreementState,
  lease: Lease,
  last: LastReading,
): Promise<Ending | Exclude<JobEnd, 'done'>> => {
  const settled = await settle(ctx, input.agreementId)
  if ('againInMs' in settled) return settled
  if (settled.some(({ outcome, change }) => outcome === 'unknown' && change.runId === input.runId))
    return unanswered
  const tenantIds = state.syncing.map((each) => each.tenantId)
  const { due, waitsFor } = state.progress
  const ending = waitsFor === null ? null : waitsForInvoice(waitsFor)
  if (due.length === 0) return ending ?? nothingDue(ctx, input, tenantIds)
  const begun = await roundsBegun(ctx.db, ctx.organisationId, input)
  const closed = begun.filter(({ end }) => isClosed(end))
  const isLeft = ({ id }: { id: string }) => !closed.some(({ invoiceId }) => invoiceId === id)
  let lookAgain: Pick<Ending, 'lookAgain'> = {}
  let heldBack = closed.length === 0 ? nothingHeldBack : await heldBackSoFar(ctx, input, closed)
  for (const invoice of due.filter(isLeft)) {
    const stop = await stopOf(ctx, { ...input, tenantIds })
    if (stop !== null) return endingOfStop(stop)
    if (last.situation !== null && isTimeUp(ctx)) return { againInMs: 0 }
    const isFirst = last.situation === null
    const month = await syncMonth(ctx, {
      ...input,
      tenantIds,
      invoice,
      heldBack,
      lease,
      state,
      isFirst,
      isNew: begun.every(({ period }) => period !== invoice.period),
      meant: asInvoiced(ctx, input.agreementId),
      record: (tx, synced) => recordMonth(tx, ctx, input.agreementId, state, synced),
    })
    if ('againInMs' in month) return month
    last.situation = month.situation
    if (Object.keys(month.situation.stillBilled ?? {}).length > 0) lookAgain = { lookAgain: true }
    const cut = endingOfCut(month)
    if (cut !== null) return cut
    heldBack = heldBackAfter(heldBack, month.outcome, isGood)
  }
  return { ...(ending ?? { status: 'No Change', message: null }), ...lookAgain }
}

/** What months that another job of the run ended hold back in the later ones (F12). */
const heldBackSoFar = async (
  ctx: SyncContext,
  input: SyncInput,
  closed: readonly { readonly period: Period }[],
): Promise<HeldBack> => {
  const months = await outcomesOf(ctx.db, ctx.organisationId, input)
  return months
    .filter((month) => closed.some(({ period }) => period === month.period))
    .reduce((held, month) => heldBackAfter(held, month, isGood), nothingHeldBack)
}

/** Where Sync was switched off since the run was made, that is said. */
const nothingDue = async (
  ctx: SyncContext,
  input: SyncInput,
  tenantIds: readonly string[],
): Promise<Ending> => {
  if (tenantIds.length > 0) return nothingInvoiced
  const item = await runItem(ctx.db, ctx.organisationId, input.runId, input.agreementId)
  const stop = await stopOf(ctx, { ...input, tenantIds: item?.tenantIds ?? [] })
  return stop === null ? nothingInvoiced : endingOfStop(stop)
}

/** What a sync would do now: the same reads and the same plan, and nothing after them. */
export const previewAgreement = async ({
  ctx,
  input,
}: {
  ctx: SyncContext
  input: Pick<CollectInput, 'agreementId' | 'asIfSyncing' | 'asIfMapped' | 'asIfAgreed'>
}): Promise<{ situation: Situation; plan: Plan }> => {
  const situation = await collect({ ctx, input })
  return { situation, plan: preview(situation) }
}

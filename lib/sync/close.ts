/** Close: how far each subscription is, and the index by which lists sort, of what the plans and the ledger tell. */
import type { Database } from '#db/client.ts'
import { noteCounted } from '#db/invoicing/second-proofs.ts'
import { deleteAgreedPrices } from '#db/mappings/agreed-prices.ts'
import { putLastingPoints } from '#db/mappings/lasting-points.ts'
import { noteAttempt, setFirstPeriodOnce } from '#db/mappings/mappings.ts'
import { noteOneTimeAttempt } from '#db/mappings/one-time.ts'
import { putPeriodStates } from '#db/mappings/period-states.ts'
import { noteTaken } from '#db/mappings/price-rules.ts'
import { putOpenPoints } from '#db/mappings/waiting.ts'
import { putAgreementFindings } from '#db/notices/agreement-findings.ts'
import { putFound } from '#db/runs/found-in-runs.ts'
import { deleteItem, showRun } from '#db/runs/looks-again.ts'
import { finishRunWhereDone, lastFinishedItem, type Run, run, startItem } from '#db/runs/runs.ts'
import { goodSubscriptions } from '#lib/billing/good-subscriptions.ts'
import { type SubscriptionKey, subscriptionKey } from '#lib/billing/keys.ts'
import { lastingAfter } from '#lib/billing/lasting-points.ts'
import { lookedAt } from '#lib/billing/looked-at.ts'
import { openPointsOf, type WholeFailure } from '#lib/billing/open-points.ts'
import { runPointsOf, wordsOf } from '#lib/billing/run-points.ts'
import { statusOfSeverity, worst } from '#lib/billing/status.ts'
import type { Situation, Status } from '#lib/billing/types.ts'
import type { PeriodOutcome } from '#lib/ledger/outcome.ts'
import { outcomesOf } from '#lib/ledger/outcomes.ts'
import { type AgreementState, agreementStateOf } from './agreement-state.ts'
import type { AnnualState } from './annual/annual-state.ts'
import type { SyncContext } from './context.ts'
import { type Ending, endingOf } from './endings.ts'
import { noteFormer } from './former.ts'
import { isGood } from './held-back.ts'
import { firstSince, hasWritten, isFoundAsBefore, looksAgain } from './looks-again.ts'
import { indexMonths } from './month-index.ts'
import { settleMutes } from './mutes.ts'
import { takenIn } from './price-rules.ts'
import type { SyncedMonth } from './rounds.ts'
import { toldOf } from './told-of.ts'

interface Item {
  readonly runId: string
  readonly agreementId: number
}

/** With what its run was made for, which does not change; `null`: there is no such run any more. */
export interface ItemOfRun extends Item {
  readonly of: Pick<Run, 'looksAgain' | 'undoes' | 'setsBack'> | null
}

/** Advances each subscription that is good for the month (F12). @param state as it was when the sync began */
export const recordMonth = async (
  tx: Database,
  { organisationId, program }: SyncContext,
  agreementId: number,
  state: AgreementState,
  { outcome, situation }: Pick<SyncedMonth, 'outcome' | 'situation'>,
): Promise<void> => {
  const { period, invoiceId } = outcome
  const states = goodSubscriptions(outcome, isGood, situation, state.progress).map((each) => ({
    ...each,
    linesHash: state.progress.linesHashOf(each.subscriptionId, period),
  }))
  await noteCounted(tx, organisationId, program.slug, agreementId, lookedAt(situation))
  const good = { agreementId, period, invoiceId, state: 'good' } as const
  await putPeriodStates(tx, organisationId, program.slug, good, states)
  // What was agreed is done, or fits no more: a later invoice is another question.
  if (period === state.progress.invoices.at(-1)?.period) {
    await deleteAgreedPrices(tx, organisationId, program.slug, agreementId, agreedIn(outcome, situation))
    await noteTaken(tx, organisationId, program.slug, takenIn(outcome, situation))
  }
  const begun = new Set(
    state.syncing.filter((each) => each.firstPeriod !== null).map((each) => each.tenantId),
  )
  for (const [tenantId, first] of state.progress.firstPeriods)
    if (!begun.has(tenantId))
      await setFirstPeriodOnce(tx, organisationId, program.slug, agreementId, tenantId, first)
}

/** Subscriptions with a price that a person agreed to, of which nothing is left to be sent. */
const agreedIn = (
  { subscriptions }: PeriodOutcome,
  { agreedPrices = {} }: Pick<Situation, 'agreedPrices'>,
): SubscriptionKey[] => {
  const rows = subscriptions.filter(({ kind }) => kind === 'subscription')
  const ids = [...new Set(rows.map((row) => subscriptionKey(row.subscriptionId)))]
  return ids.filter(
    (id) =>
      agreedPrices[id] !== undefined &&
      rows.every((row) => subscriptionKey(row.subscriptionId) !== id || isGood(row)),
  )
}

/** The worst of its subscriptions and findings. */
export const statusOf = (months: readonly PeriodOutcome[]): Status =>
  worst(
    months.flatMap(({ subscriptions, findings }) => [
      ...subscriptions.map(({ status }) => status),
      ...findings.map(({ severity }) => statusOfSeverity[severity]),
    ]),
  )

/** Recording asks neither system, so that a failure to reach them can be recorded. */
export type StoringContext = Omit<SyncContext, 'prism' | 'connectWise' | 'currency'>

/** Finishes an item that could not begin. */
export const recordFailure = async (ctx: StoringContext, item: Item, error: unknown): Promise<void> => {
  const { runId, agreementId } = item
  await startItem(ctx.db, ctx.organisationId, runId, agreementId)
  const of = await run(ctx.db, ctx.organisationId, runId)
  await finishItem(ctx, { ...item, of }, null, endingOf(ctx, error))
}

/** Finishes an item, and its run where it was the last; how it ended. @param state of a monthly agreement. @param annual of a One-Time one */
export const finishItem = async (
  ctx: StoringContext,
  item: ItemOfRun,
  state: AgreementState | null,
  ending: Ending,
  annual: AnnualState | null = null,
): Promise<Status> => {
  const { db, organisationId, program } = ctx
  const { agreementId } = item
  const finishedAt = ctx.now()
  const status = await db.transaction(async (tx) => {
    const months = await outcomesOf(tx, organisationId, item)
    const ended = worst([statusOf(months), ending.status])
    if (state !== null) {
      const again = looksAgain(finishedAt, ended, ending, firstSince(state.syncing))
      const tenantIds = state.syncing.map((each) => each.tenantId)
      const invoiceId = state.progress.invoices.at(-1)?.id ?? null
      await noteAttempt(tx, organisationId, program.slug, agreementId, tenantIds, {
        invoiceId,
        readAt: state.readAt,
        seen: looksOf(state.syncing),
        ...again,
      })
    }
    if (annual !== null) {
      const again = looksAgain(finishedAt, ended, ending, firstSince(annual.syncing))
      const tenantIds = annual.syncing.map(({ tenantId }) => tenantId)
      const attempt = { ...again, readAt: annual.readAt, seen: looksOf(annual.syncing) }
      await noteOneTimeAttempt(tx, organisationId, program.slug, agreementId, tenantIds, attempt)
    }
    if (state !== null) await storeLasting(tx, ctx, agreementId, state, months)
    const points = openPointsOf(months, wholeFailure(ending))
    const isPlanned = months.length > 0
    if (await isLeftOut(tx, ctx, item, ending, months)) {
      // What it found again is of the sync that the history keeps.
      const kept = await lastFinishedItem(tx, organisationId, program.slug, agreementId)
      if (kept !== null && ending.isStopped !== true)
        await putOpenPoints(tx, organisationId, program.slug, { ...kept, isPlanned }, points)
      return ended
    }
    await indexMonths(tx, { organisationId, program: program.slug }, item, months, finishedAt)
    const said = runPointsOf(months, wholeFailure(ending))
    const found = { points: said, words: wordsOf(months, said) }
    await putFound(tx, organisationId, item, found, {
      state: 'finished',
      status: ended,
      firstPeriod: months[0]?.period ?? null,
      lastPeriod: months.at(-1)?.period ?? null,
      message: ending.message,
      detail: ending.detail ?? null,
      remedy: ending.remedy ?? null,
      reference: ending.reference ?? null,
      doing: null,
      finishedAt,
    })
    await putOpenPoints(tx, organisationId, program.slug, { ...item, isPlanned }, points)
    await putAgreementFindings(tx, organisationId, program.slug, item, toldOf(months))
    return ended
  })
  await finishRunWhereDone(db, organisationId, item.runId)
  return status
}

const looksOf = (syncing: readonly { readonly lookAgainAt: Date | null }[]): (Date | null)[] =>
  syncing.map(({ lookAgainAt }) => lookAgainAt)

/** What stays until it is mended or muted, and what of that is muted no more (J3). */
const storeLasting = async (
  tx: Database,
  ctx: StoringContext,
  agreementId: number,
  { progress, syncing }: AgreementState,
  months: readonly PeriodOutcome[],
): Promise<void> => {
  const { organisationId, program } = ctx
  await putLastingPoints(tx, organisationId, program.slug, agreementId, (before) =>
    lastingAfter(before, months, {
      isOnInvoice: (id, period) => progress.linesHashOf(id, period) !== '',
    }),
  )
  await settleMutes(
    tx,
    ctx,
    syncing.map(({ tenantId }) => tenantId),
  )
}

/** Takes an item out of a run that looks again, where nothing was written and nothing is to be said of it; else the run is shown. */
const isLeftOut = async (
  tx: Database,
  { organisationId, program }: StoringContext,
  { runId, agreementId, of }: ItemOfRun,
  { message, isStopped = false }: Ending,
  months: readonly PeriodOutcome[],
): Promise<boolean> => {
  if (of === null || of.looksAgain === null) return false
  const item = { runId, agreementId, program: program.slug }
  const isSilent =
    !(await hasWritten(tx, organisationId, item)) &&
    (isStopped || (await isFoundAsBefore(tx, organisationId, item, { message, months })))
  if (isSilent) await deleteItem(tx, organisationId, runId, agreementId)
  else await showRun(tx, organisationId, runId)
  return isSilent
}

/** Why an agreement could not be synced at all; nothing where its months say what is wrong, or it only waits. */
const wholeFailure = ({ status, message, detail = '', remedy = '' }: Ending): WholeFailure | null =>
  status === 'Error' && message !== null ? { message, detail, remedy } : null

/** The agreement as a sync read it last; it is gone where ConnectWise has it no more. */
export interface LastReading {
  situation: Situation | null
  isGone: boolean
}

/** Notes what came of it for customers that left the agreement. */
export const finishFormer = async (
  ctx: SyncContext,
  agreementId: number,
  { former, progress }: AgreementState,
  { situation, isGone }: LastReading,
  ending: Ending,
  status: Status,
): Promise<void> => {
  if (former.here.length === 0) return
  const after = await agreementStateOf(ctx, agreementId)
  await noteFormer(ctx.db, ctx, agreementId, former.here, {
    invoiceId: progress.invoices.at(-1)?.id ?? null,
    ...looksAgain(ctx.now(), status, ending, firstSince(former.here)),
    situation,
    isGone,
    isOpen: after.progress.isOpen,
  })
}

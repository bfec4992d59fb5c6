/**
 * Taking back what a run wrote on a One-Time agreement (J2): the lines are noted as billed otherwise before the first write, so that
 * whoever dies, and whatever syncs next, nothing creates them again until a person takes that back.
 */
import type { Database } from '#db/client.ts'
import { changesOfItem } from '#db/ledger/changes.ts'
import { putLineAnswer } from '#db/mappings/line-answers.ts'
import { runItem } from '#db/runs/runs.ts'
import { lastWriter } from '#db/runs/undos.ts'
import { ProductError } from '#lib/base/errors.ts'
import type { JobEnd } from '#lib/base/job-end.ts'
import { annualMoneyOf } from '#lib/billing/annual/annual-money.ts'
import type { AnnualSituation } from '#lib/billing/annual/annual-situation.ts'
import { identityKey } from '#lib/billing/annual/line-identity.ts'
import { undoAnnual } from '#lib/billing/annual/undo-annual.ts'
import { creditMonth } from '#lib/billing/credit-lines.ts'
import type { UndoPreview } from '#lib/billing/plan-money.ts'
import { totalReconciliation } from '#lib/billing/reconcile.ts'
import type { CarriedLine, PeriodPlan } from '#lib/billing/types.ts'
import type { Lease } from '#lib/ledger/lease.ts'
import { settle } from '#lib/ledger/settle.ts'
import type { SyncContext } from '../context.ts'
import { type Ending, endingOfCut, unanswered } from '../endings.ts'
import { syncRounds } from '../month.ts'
import type { Meaning } from '../rounds.ts'
import { overtaken, type UndoInput } from '../undo.ts'
import { type AnnualState, annualStateOf } from './annual-state.ts'
import { collectAnnual } from './collect-annual.ts'
import { afterwards } from './sync-annual.ts'

/** The lines that additions of the run are of, each with its latest turn; empty where the run wrote none, as on a monthly agreement. */
export const linesWritten = async (
  { db, organisationId }: Pick<SyncContext, 'db' | 'organisationId'>,
  { undoes, agreementId }: UndoInput,
): Promise<CarriedLine[]> => {
  const rows = await changesOfItem(db, organisationId, { runId: undoes, agreementId })
  const latest = new Map<string, CarriedLine>()
  for (const { intent, outcome } of rows) {
    if (outcome !== 'done' || intent.kind !== 'create' || intent.carries === undefined) continue
    // A credit of a month's invoice is undone with its month.
    if (creditMonth(intent.carries) !== null) continue
    const before = latest.get(identityKey(intent.carries))
    if (before === undefined || before.turn < intent.carries.turn)
      latest.set(identityKey(intent.carries), intent.carries)
  }
  return [...latest.values()]
}

interface Known {
  readonly state: AnnualState
  readonly lines: readonly CarriedLine[]
}

/** Throws `conflict` where another run has written since, and `not-found` where the invoice is not in use any more. */
const knownOf = async (ctx: SyncContext, input: UndoInput, lines: readonly CarriedLine[]): Promise<Known> => {
  const { db, organisationId, program } = ctx
  const { agreementId, undoes } = input
  const last = await lastWriter(db, organisationId, program.slug, agreementId)
  if (last !== null && last.runId !== undoes && last.undoes !== undoes) throw overtaken(last.at)
  const item = await runItem(db, organisationId, undoes, agreementId)
  const state = await annualStateOf(ctx, agreementId, { asIfMapped: item?.tenantIds ?? [] })
  const known = new Set(state.invoices.map(({ invoiceId }) => invoiceId))
  const gone = lines.find(({ invoiceId }) => !known.has(invoiceId))
  if (gone !== undefined)
    throw new ProductError(
      'not-found',
      `Annual invoice ${gone.invoiceId}, of which this sync wrote, is not in use any more.`,
    )
  return { state, lines }
}

/** What an undo would write now; `null` where the run wrote nothing of annual invoices. */
export const previewAnnualUndo = async (ctx: SyncContext, input: UndoInput): Promise<UndoPreview | null> => {
  const lines = await linesWritten(ctx, input)
  if (lines.length === 0) return null
  const { state } = await knownOf(ctx, input, lines)
  const situation = await collectAnnual(ctx, { agreementId: input.agreementId, state })
  const periods = undoAnnual(situation, lines)
  const newest = periods.at(-1)
  if (newest === undefined) throw new Error('What was written has an invoice')
  return {
    ...newest,
    subscriptions: periods.flatMap(({ subscriptions }) => subscriptions),
    totals: totalReconciliation(periods.map(({ totals }) => totals)),
    money: annualMoneyOf(situation, { agreementId: input.agreementId, periods }),
  }
}

/** As its only writer. @param lines as `linesWritten` gives them, at least one */
export const undoOneTime = async (
  ctx: SyncContext,
  input: UndoInput & { readonly runId: string; readonly by: string },
  lines: readonly CarriedLine[],
  lease: Lease,
): Promise<Ending | Exclude<JobEnd, 'done'>> => {
  const { runId, agreementId } = input
  const settled = await settle(ctx, agreementId)
  if ('againInMs' in settled) return settled
  if (settled.some(({ outcome, change }) => outcome === 'unknown' && change.runId === runId))
    return unanswered
  const known = await knownOf(ctx, input, lines)
  const first = await collectAnnual(ctx, { agreementId, runId, state: known.state, asWritten: true })
  for (const planned of undoAnnual(first, lines)) {
    const { period, invoiceId } = planned
    const synced = await syncRounds<AnnualSituation>(ctx, {
      runId,
      agreementId,
      kind: 'annual',
      period,
      invoiceId,
      // It is asked for by a person, whatever syncs.
      tenantIds: [],
      lease,
      isFirst: true,
      meaning: asWritten(ctx, input, known, invoiceId),
      record: () => Promise.resolve(),
    })
    if ('againInMs' in synced) return synced
    const cut = endingOfCut(synced)
    if (cut !== null) return cut
  }
  return { status: 'No Change', message: null }
}

const asWritten = (
  ctx: SyncContext,
  { runId, agreementId, by }: UndoInput & { readonly runId: string; readonly by: string },
  { state, lines }: Known,
  invoiceId: string,
): Meaning<AnnualSituation> => ({
  collect: (_, earlier) => collectAnnual(ctx, { agreementId, runId, state, earlier, asWritten: true }),
  plan(_, situation): PeriodPlan {
    const planned = undoAnnual(situation, lines).find((each) => each.invoiceId === invoiceId)
    if (planned === undefined) throw new Error('What was written has an invoice')
    return planned
  },
  remember: (tx) =>
    leave(
      tx,
      ctx,
      agreementId,
      lines.filter((line) => line.invoiceId === invoiceId),
      by,
    ),
  ...afterwards(invoiceId),
})

/** Its next addition is billed otherwise, as who undoes it says. */
const leave = async (
  tx: Database,
  { organisationId, program }: SyncContext,
  agreementId: number,
  lines: readonly CarriedLine[],
  by: string,
): Promise<void> => {
  for (const line of lines)
    await putLineAnswer(tx, organisationId, program.slug, agreementId, {
      line: { ...line, turn: line.turn + 2 },
      says: 'leave',
      by,
    })
}

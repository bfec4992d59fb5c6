/**
 * Taking back what a run wrote on an agreement (J2; docs/billing-rules.md, "Undo"): the plan is the ledger's inverse, and is
 * stored, sent and proved as that of a month. The months are parked before the first write, so that whoever dies, and whatever
 * syncs next, nothing plans them again until somebody releases them.
 */
import type { Database } from '#db/client.ts'
import { changesOfItem } from '#db/ledger/changes.ts'
import { putPeriodStates } from '#db/mappings/period-states.ts'
import { type Invoice, invoicesOf } from '#db/prism/invoices.ts'
import { type BegunRound, roundsBegun } from '#db/runs/run-periods.ts'
import { lastWriter, undosOf } from '#db/runs/undos.ts'
import { ProductError } from '#lib/base/errors.ts'
import type { JobEnd } from '#lib/base/job-end.ts'
import { nothingHeldBack } from '#lib/billing/held-back.ts'
import { type BySubscription, noSubscription } from '#lib/billing/keys.ts'
import { customersOf } from '#lib/billing/moving.ts'
import { moneyOf, type UndoPreview } from '#lib/billing/plan-money.ts'
import { firstNotInvoiced, invoicedThrough } from '#lib/billing/timeline.ts'
import type { Period, PeriodPlan, Situation } from '#lib/billing/types.ts'
import { planUndo, type UndoneRun, undoneIds } from '#lib/billing/undo-plan.ts'
import type { Lease } from '#lib/ledger/lease.ts'
import { settle } from '#lib/ledger/settle.ts'
import { firstWritten, restoredBy, writtenBy } from '#lib/ledger/written.ts'
import { type AgreementState, agreementStateOf } from './agreement-state.ts'
import { collect } from './collect.ts'
import type { SyncContext } from './context.ts'
import { type Ending, endingOfCut, unanswered } from './endings.ts'
import { type Meant, syncMonth } from './month.ts'

/** Which run is taken back on which agreement. */
export interface UndoInput {
  readonly agreementId: number
  readonly undoes: string
}

/** What is known of the run that is taken back, without asking ConnectWise. */
interface Known {
  readonly run: UndoneRun
  /** By subscription the first month for which it wrote. */
  readonly firstWritten: BySubscription<Period>
  readonly months: readonly BegunRound[]
  /** The invoices of its months, oldest first; the last one is the plan's. */
  readonly invoices: readonly Invoice[]
}

/**
 * Throws `not-found` where the run wrote nothing to the agreement; `conflict` where another run has written since, and where it is
 * not known how far ConnectWise had invoiced.
 */
const knownOf = async (
  { db, organisationId, program }: SyncContext,
  { agreementId, undoes }: UndoInput,
): Promise<Known> => {
  const last = await lastWriter(db, organisationId, program.slug, agreementId)
  if (last !== null && last.runId !== undoes && last.undoes !== undoes) throw overtaken(last.at)
  const rows = await changesOfItem(db, organisationId, { runId: undoes, agreementId })
  const written = writtenBy(rows)
  const firstRounds = async (runId: string): Promise<BegunRound[]> =>
    (await roundsBegun(db, organisationId, { runId, agreementId })).filter(({ round }) => round === 1)
  const months = await firstRounds(undoes)
  const [first] = months
  if (written.length === 0 || first === undefined)
    throw new ProductError('not-found', 'This sync wrote nothing to the agreement.')
  const all = await invoicesOf(db, organisationId, program.slug)
  const invoices = months.flatMap(({ invoiceId }) => all.find(({ id }) => id === invoiceId) ?? [])
  if (invoices.at(-1)?.id !== months.at(-1)?.invoiceId)
    throw new ProductError('not-found', 'The invoice of this sync is not there any more.')
  const begun = await undosOf(db, organisationId, undoes, agreementId)
  const [firstUndo] = begun
  const ofUndos = await Promise.all(
    begun.map((runId) => changesOfItem(db, organisationId, { runId, agreementId })),
  )
  const started = firstUndo === undefined ? [] : await firstRounds(firstUndo)
  return {
    run: {
      written,
      restored: restoredBy(ofUndos.flat()),
      invoicedBefore: first.invoicedThrough,
      ...(started[0] === undefined ? {} : { invoicedThrough: started[0].invoicedThrough }),
    },
    firstWritten: firstWritten(rows),
    months,
    invoices,
  }
}

/** @param at when the other run wrote */
export const overtaken = (at: Date): ProductError =>
  new ProductError(
    'conflict',
    `The sync of ${momentText(at)} has written to this agreement since. Undo that one first.`,
  )

const momentText = (at: Date): string => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`

const planOf = (situation: Situation, { run }: Known): PeriodPlan => {
  if (run.invoicedBefore === null && invoicedThrough(situation.agreement) !== null)
    throw new ProductError(
      'conflict',
      'It is not known how far ConnectWise had invoiced the agreement when this sync wrote.',
    )
  return planUndo(situation, run)
}

/** What an undo would write now. Throws as `undoAgreement` does, and what reading ConnectWise throws. */
export const previewUndo = async (ctx: SyncContext, input: UndoInput): Promise<UndoPreview> => {
  const known = await knownOf(ctx, input)
  const { agreementId } = input
  const situation = await collect({ ctx, input: { agreementId, invoices: known.invoices } })
  const month = planOf(situation, known)
  const plan = { agreementId, periods: [month] }
  return { ...month, money: moneyOf(situation, plan, firstNotInvoiced(situation.agreement)) }
}

/** Takes a run back on one agreement, as its only writer. Throws `not-found` and `conflict`, before anything is written. */
export const undoAgreement = async (
  ctx: SyncContext,
  input: UndoInput & { readonly runId: string; readonly by: string },
  lease: Lease,
): Promise<Ending | Exclude<JobEnd, 'done'>> => {
  const { runId, agreementId } = input
  const settled = await settle(ctx, agreementId)
  if ('againInMs' in settled) return settled
  if (settled.some(({ outcome, change }) => outcome === 'unknown' && change.runId === runId))
    return unanswered
  const known = await knownOf(ctx, input)
  const [invoice, ...earlier] = known.invoices.toReversed()
  if (invoice === undefined) throw new Error('What was written has an invoice')
  const state = await agreementStateOf(ctx, agreementId)
  const meant: Meant = {
    plan: async (db, situation) => planOf(situation, await knownOf({ ...ctx, db }, input)),
    remember: (tx, situation, meant) => park(tx, ctx, input, known, state, situation, meant),
  }
  const month = await syncMonth(ctx, {
    runId,
    agreementId,
    // It is asked for by a person, whatever syncs.
    tenantIds: [],
    invoice,
    earlier: earlier.toReversed(),
    heldBack: nothingHeldBack,
    lease,
    state,
    isFirst: true,
    meant,
    record: () => Promise.resolve(),
  })
  if ('againInMs' in month) return month
  return endingOfCut(month) ?? { status: 'No Change', message: null }
}

/** Parks each month of what is taken back, from the first one that the run wrote for on. */
const park = async (
  tx: Database,
  { organisationId, program }: SyncContext,
  { agreementId, by }: Pick<UndoInput, 'agreementId'> & { readonly by: string },
  { firstWritten: first, months }: Known,
  { progress }: AgreementState,
  situation: Situation,
  meant: PeriodPlan,
): Promise<void> => {
  const tenants = customersOf(situation)
  const azureFirst = first[noSubscription]
  const undone = undoneIds(situation, meant)
  for (const { period, invoiceId } of months) {
    const ids = undone.filter((id) => (first[id] ?? azureFirst ?? '9999-12') <= period)
    const stated = { agreementId, period, invoiceId, state: 'parked', by } as const
    const parked = ids.flatMap((subscriptionId) => {
      const tenantId = tenants.get(subscriptionId)
      const linesHash = progress.linesHashOf(subscriptionId, period)
      return tenantId === undefined ? [] : [{ subscriptionId, tenantId, linesHash }]
    })
    await putPeriodStates(tx, organisationId, program.slug, stated, parked)
  }
}

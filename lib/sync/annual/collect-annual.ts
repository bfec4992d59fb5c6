/** Collect: every read that planning a One-Time agreement needs, as one immutable value (J9). */
import { carriedLines, ofOtherTenants } from '#db/ledger/carried-lines.ts'
import { ownedAdditions } from '#db/ledger/changes.ts'
import { additionAnswersOf } from '#db/mappings/addition-answers.ts'
import { lineAnswerOf, lineAnswersOf } from '#db/mappings/line-answers.ts'
import { subscriptionsOfTenants, tenantsByIds } from '#db/prism/tenants.ts'
import { allEnded } from '#lib/base/all-ended.ts'
import { type AnnualSituation, isDue, type LineAnswer } from '#lib/billing/annual/annual-situation.ts'
import { identityKey } from '#lib/billing/annual/line-identity.ts'
import { subscriptionKey } from '#lib/billing/keys.ts'
import type { CarriedLine, OwnedAddition } from '#lib/billing/types.ts'
import { failedIn } from '#lib/ledger/outcome.ts'
import { outcomesOf } from '#lib/ledger/outcomes.ts'
import { answerOf } from '../answers.ts'
import { knownCatalog, readBilled, readCatalog } from '../collect.ts'
import type { SyncContext } from '../context.ts'
import { beforeReading, invoicesKnown } from '../readings.ts'
import type { AnnualState } from './annual-state.ts'

export interface AnnualInput {
  readonly agreementId: number
  /** The run that goes on: what of it failed is left alone. Left out, it is only looked at. */
  readonly runId?: string
  readonly state: AnnualState
  /** Of an earlier round of the same sync: what cannot have changed since is not read again. */
  readonly earlier?: AnnualSituation | undefined
  /** Reads until ConnectWise shows what was written of late. */
  readonly asWritten?: boolean
}

export const collectAnnual = async (ctx: SyncContext, input: AnnualInput): Promise<AnnualSituation> => {
  const { db, organisationId } = ctx
  const program = ctx.program.slug
  const { agreementId, state, earlier } = input
  const { tenantIds } = state
  const invoiceIds = state.invoices.map(({ invoiceId }) => invoiceId)
  const readAt = await beforeReading(ctx)
  const [owned, tenants, subscriptions, said, lineAnswers, elsewhere, failed, billed] = await allEnded(
    ownedHere(ctx, agreementId, tenantIds),
    tenantsByIds(db, organisationId, program, tenantIds),
    subscriptionsOfTenants(db, organisationId, program, tenantIds),
    additionAnswersOf(db, organisationId, program, agreementId),
    lineAnswersOf(db, organisationId, program, agreementId),
    carriedLines(db, organisationId, program, invoiceIds),
    failedOf(ctx, input),
    readBilled(ctx, input),
  )
  const { agreement, listed } = billed
  const { additions, unreadable } = listed
  const all = [...additions, ...unreadable]
  const catalog = await (knownCatalog(earlier, all) ??
    readCatalog(ctx, input, state.invoices, { subscriptions }, all))
  // Kept for what ConnectWise's invoices billed (J6): nothing is planned by it.
  await invoicesKnown(ctx, {
    readAt,
    agreement,
    listed,
    firstPeriod: null,
    isWriter: input.asWritten === true,
    isOnce: true,
  })
  const options = { defaults: ctx.options.defaults, annualTermsAtOnce: ctx.options.annualTermsAtOnce }
  const carried = new Set(owned.flatMap(({ carries }) => (carries ? [carries.invoiceId] : [])))
  const isPlanned = (invoice: AnnualState['invoices'][number]): boolean =>
    isDue(invoice, { options }) || carried.has(invoice.invoiceId)
  const names = new Map(tenants.map(({ id, name }) => [id, name]))
  const answered = lineAnswers.map(lineAnswerOf)
  return {
    ...catalog,
    agreement,
    currency: ctx.currency,
    additions,
    unreadableAdditions: unreadable,
    owned,
    answers: said.map(answerOf),
    tenants: tenantIds.map((id) => ({
      id,
      name: names.get(id) ?? id,
      syncs: state.syncing.some(({ tenantId }) => tenantId === id),
    })),
    subscriptions,
    invoices: state.invoices.filter(isPlanned),
    others: state.invoices.filter((invoice) => !isPlanned(invoice)),
    lineAnswers: [...answeredElsewhere(carriedOn(elsewhere, agreementId), answered), ...answered],
    failed,
    options,
  }
}

const carriedOn = (all: Awaited<ReturnType<typeof carriedLines>>, not: number): CarriedLine[] =>
  all.flatMap(({ agreementId, ...line }) => (agreementId === not ? [] : [line]))

/** A line that an agreement carries which the customer was mapped to before is billed there, unless a person says otherwise. */
const answeredElsewhere = (
  elsewhere: readonly CarriedLine[],
  answered: readonly LineAnswer[],
): LineAnswer[] => {
  const said = new Set(answered.map(({ line }) => identityKey(line)))
  return elsewhere
    .filter((line) => !said.has(identityKey(line)))
    .map((line) => ({ line: { ...line, turn: 1 }, says: 'leave' }))
}

/** What is ours; of a customer that is not mapped here any more nothing is taken back because its lines are not looked at. */
const ownedHere = async (
  { db, organisationId, program }: SyncContext,
  agreementId: number,
  tenantIds: readonly string[],
): Promise<OwnedAddition[]> => {
  const owned = await ownedAdditions(db, organisationId, program.slug, agreementId)
  const carried = owned.flatMap(({ carries }) =>
    carries ? [{ ...carries, subscriptionId: subscriptionKey(carries.subscriptionId) }] : [],
  )
  const others = await ofOtherTenants(db, organisationId, program.slug, tenantIds, carried)
  const isTheirs = ({ carries }: OwnedAddition): boolean =>
    carries !== undefined &&
    others.some(
      (each) => each.invoiceId === carries.invoiceId && each.subscriptionId === carries.subscriptionId,
    )
  return owned.map((each) => {
    const { carries: _, ...rest } = each
    return isTheirs(each) ? rest : each
  })
}

const failedOf = async (
  { db, organisationId }: SyncContext,
  { runId, agreementId }: AnnualInput,
): Promise<NonNullable<AnnualSituation['failed']>> => {
  if (runId === undefined) return {}
  const outcomes = await outcomesOf(db, organisationId, { runId, agreementId })
  return Object.fromEntries(outcomes.map((each) => [each.invoiceId, failedIn(each)]))
}

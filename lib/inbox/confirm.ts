/** A person says yes to what waits (F18; docs/billing-rules.md, "Waits" and "Late months"). */

import { bringSyncs } from '#db/mappings/bring-sync.ts'
import { type NewConfirmation, putConfirmations } from '#db/mappings/confirmations.ts'
import { mappingsOf } from '#db/mappings/mappings.ts'
import { syncsOfCause } from '#db/mappings/open-points.ts'
import { monthsNotPlanned } from '#db/mappings/period-states.ts'
import { audit } from '#db/people/audit.ts'
import { readyInvoices } from '#db/prism/invoices.ts'
import { runItemsOf } from '#db/runs/runs.ts'
import { ProductError } from '#lib/base/errors.ts'
import { subscriptionKey } from '#lib/billing/keys.ts'
import { waitCause } from '#lib/billing/open-points.ts'
import type { Amount, Period } from '#lib/billing/types.ts'
import type { PeriodOutcome } from '#lib/ledger/outcome.ts'
import { outcomesOf } from '#lib/ledger/outcomes.ts'
import type { AnswerContext } from './answers.ts'

/** What of the run is meant: all of it that fits each of those that are given. */
export interface Confirmed {
  readonly agreementId?: number | undefined
  readonly subscriptionId?: string | undefined
  readonly period?: Period | undefined
  readonly question?: NewConfirmation['question'] | undefined
}

type Waiting = NewConfirmation & {
  /** The sync in which it waits. */
  readonly runId: string
  readonly invoiced: Amount
  readonly billed: Amount
}

/**
 * Confirms what waits of a run, and says which agreements are to be synced for it. Throws `conflict` where nothing of it waits,
 * all of it was skipped since, or other invoices have taken the place of those that it was planned with, and `sync-off`.
 */
export async function confirmWaiting({
  ctx,
  input,
}: {
  ctx: AnswerContext
  input: { readonly runId: string; readonly which: Confirmed }
}): Promise<number[]> {
  const { runId, which } = input
  const waiting: Waiting[] = []
  // One by one: together their plans may be many megabytes.
  for (const { agreementId } of await runItemsOf(ctx.db, ctx.organisationId, runId))
    if (which.agreementId === undefined || which.agreementId === agreementId)
      waiting.push(...(await waitingOn(ctx, { runId, agreementId }, which)))
  return confirmAll(ctx, waiting)
}

/** The same of all that waits of a cause, as the inbox names it, whichever syncs found it. */
export async function confirmCause({
  ctx,
  input,
}: {
  ctx: AnswerContext
  input: { readonly cause: string }
}): Promise<number[]> {
  const { db, organisationId, program } = ctx
  const { cause } = input
  const waiting: Waiting[] = []
  for (const sync of await syncsOfCause(db, organisationId, program, cause)) {
    const found = await waitingOn(ctx, sync, {})
    // What an earlier version of the product found has the question as its cause.
    waiting.push(...found.filter((each) => [waitCause(each.question, each), each.question].includes(cause)))
  }
  return confirmAll(ctx, waiting)
}

async function confirmAll(ctx: AnswerContext, found: readonly Waiting[]): Promise<number[]> {
  const { db, organisationId, program, actor } = ctx
  if (found.length === 0) throw new ProductError('conflict', 'Nothing of this sync waits for a person’s yes.')
  const waiting = await stillPlanned(ctx, found)
  if (waiting.length === 0)
    throw new ProductError(
      'conflict',
      'It was skipped or undone since, so no sync writes it. Take that back first.',
    )
  const ready = new Set((await readyInvoices(db, organisationId, program)).map(({ id }) => id))
  const current = waiting.filter(({ invoiceId }) => ready.has(invoiceId))
  if (current.length === 0)
    throw new ProductError('conflict', 'Another invoice is in use since; look at what waits after a sync.')
  const agreementIds = [...new Set(current.map(({ agreementId }) => agreementId))]
  const mappings = await mappingsOf(db, organisationId, program)
  if (!mappings.some((each) => each.syncEnabled && agreementIds.includes(each.agreementId)))
    throw new ProductError('sync-off', 'No customer of it has Sync on.')
  await db.transaction(async (tx) => {
    await putConfirmations(
      tx,
      organisationId,
      program,
      actor,
      current.map(({ invoiced: _, billed: __, runId: ___, ...each }) => each),
    )
    // One that is being synced may have passed it: then the next look syncs it once more.
    await bringSyncs(tx, organisationId, program, agreementIds, new Date())
    for (const { subscriptionId, ...detail } of current)
      await audit(tx, organisationId, { actor, action: 'confirm-waiting', subject: subscriptionId, detail })
  })
  return agreementIds
}

/** Without the months that a person has decided otherwise about since the sync. */
async function stillPlanned(
  { db, organisationId, program }: AnswerContext,
  waiting: readonly Waiting[],
): Promise<Waiting[]> {
  const agreementIds = [...new Set(waiting.map(({ agreementId }) => agreementId))]
  const states = await monthsNotPlanned(db, organisationId, program, agreementIds)
  const keyOf = ({ period, subscriptionId }: Pick<Waiting, 'period' | 'subscriptionId'>): string =>
    `${period} ${subscriptionId}`
  const decided = new Set(states.map(keyOf))
  return waiting.filter((each) => !decided.has(keyOf(each)))
}

async function waitingOn(
  { db, organisationId }: Pick<AnswerContext, 'db' | 'organisationId'>,
  sync: { readonly runId: string; readonly agreementId: number },
  which: Confirmed,
): Promise<Waiting[]> {
  const months = await outcomesOf(db, organisationId, sync)
  return months.flatMap((month) => waitingIn(month, sync, which))
}

function waitingIn(
  { period, invoiceId, subscriptions }: PeriodOutcome,
  sync: Pick<Waiting, 'runId' | 'agreementId'>,
  which: Confirmed,
): Waiting[] {
  if (which.period !== undefined && which.period !== period) return []
  return subscriptions.flatMap(({ waits, invoiced, billed, ...row }) => {
    const question = waits?.question
    const subscriptionId = subscriptionKey(row.subscriptionId)
    if (question !== 'late' && question !== 'guard') return []
    if (which.question !== undefined && which.question !== question) return []
    if (which.subscriptionId !== undefined && subscriptionKey(which.subscriptionId) !== subscriptionId)
      return []
    return [{ ...sync, subscriptionId, period, question, invoiceId, invoiced, billed }]
  })
}

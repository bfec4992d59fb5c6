/**
 * One month of an agreement: collected, planned, stored, sent, and read again until ConnectWise is seen to hold what the
 * invoice says (docs/applying.md, "Writes"). What was meant and what happened is stored as it goes, so that
 * another process can go on.
 */
import type { JobEnd } from '#lib/base/job-end.ts'
import { plan } from '#lib/billing/plan.ts'
import type { PeriodPlan, Situation } from '#lib/billing/types.ts'
import { notSent, notShown, outcomeUnknown } from '#lib/ledger/findings.ts'
import { isUnsent, type SubscriptionOutcome } from '#lib/ledger/outcome.ts'
import { settle } from '#lib/ledger/settle.ts'
import { NotShown } from '#lib/ledger/shown.ts'
import { collect } from './collect.ts'
import type { SyncContext } from './context.ts'
import { type Meaning, Month, type MonthInput, type SyncedMonth } from './rounds.ts'
import { send, writesOf } from './send.ts'
import { rememberBeginnings } from './starts.ts'

/** The invoice's plan. */
export const asInvoiced = (ctx: SyncContext, agreementId: number): Meaning => ({
  plan: (_, situation) => planOf(situation),
  remember: (tx, _, meant) => rememberBeginnings(tx, ctx, agreementId, meant),
})

/** Rounds that were sent as a whole before a plan that is still not empty is an Error; a correction is a round of its own. */
const mostWholeRounds = ({ options }: Situation): number => (options.exactAmounts === true ? 3 : 2)
/** Rounds in all, those that an unknown outcome cut short included; those that ended because their time was up are not. */
const mostRounds = 5

/** Where its time is up, or a write without an answer has to be waited for, another job goes on where it stopped. */
export const syncMonth = async (
  ctx: SyncContext,
  input: MonthInput,
): Promise<SyncedMonth | Exclude<JobEnd, 'done'>> => {
  const { agreementId, invoice, heldBack, tenantIds, runId, lease } = input
  const month = new Month(ctx, input)
  if (!input.isNew) await month.read()
  let { state } = input
  let situation: Situation | undefined
  let reusable: Situation | undefined
  let mayBeLate = input.isFirst
  for (;;) {
    const read = await collect({
      ctx,
      input: {
        agreementId,
        runId,
        state,
        invoices: [...(input.earlier ?? []), invoice],
        heldBack,
        failed: month.failed,
        earlier: reusable,
        asWritten: true,
      },
    }).catch(onlyNotShown)
    state = undefined
    if (read instanceof NotShown) {
      if (situation === undefined) throw read
      return month.close('not-shown', situation, concerns(read), notShown())
    }
    situation = read
    const meant = await input.meaning.plan(ctx.db, situation)
    if (writesOf(meant) === 0) return month.prove(situation, meant, () => send(ctx, sending(meant)))
    if (month.wholeRounds === mostWholeRounds(situation)) return month.notProved(situation, meant)
    await month.store(situation, meant)
    const sent = await send(ctx, sending(meant))
    mayBeLate = false
    switch (sent.by) {
      case 'sent':
        await month.end('sent')
        break
      case 'time':
        await month.end('time')
        return { againInMs: 0 }
      case 'stop': {
        const closed = await month.close('stopped', situation, isUnsent, notSent(sent.stop))
        return { ...closed, stop: sent.stop }
      }
      case 'unknown': {
        const settled = month.rounds < mostRounds ? await settle(ctx, agreementId) : null
        if (settled !== null && 'againInMs' in settled) {
          // The next job begins by settling it, and nobody writes to the agreement before.
          await month.end('settled')
          return settled
        }
        if (settled?.every(({ outcome }) => outcome !== 'unknown') !== true)
          return month.close('unanswered', situation, isUnsent, outcomeUnknown())
        await month.end('settled')
      }
    }
    // An item that was created, or may have been, is not in what was read before.
    reusable = meant.catalogItems.length === 0 && sent.by === 'sent' ? situation : undefined
    await month.read()
  }

  function sending(meant: PeriodPlan) {
    return { runId, agreementId, round: month.round, plan: meant, tenantIds, lease, mayBeLate }
  }
}

const onlyNotShown = (error: unknown): NotShown => {
  if (error instanceof NotShown) return error
  throw error
}

const planOf = (situation: Situation): PeriodPlan => {
  const [period] = plan(situation).periods
  if (!period) throw new Error('A plan of one usage has no period')
  return period
}

const concerns =
  ({ additionIds }: NotShown) =>
  ({ applied }: SubscriptionOutcome): boolean =>
    applied.some(
      ({ outcome, additionId }) =>
        outcome === 'done' && additionId !== null && additionIds.includes(additionId),
    )

/**
 * One month of an agreement: collected, planned, stored, sent, and read again until ConnectWise is seen to hold what the
 * invoice says (docs/applying.md, "Writes"). What was meant and what happened is stored as it goes, so that
 * another process can go on.
 */
import type { Invoice } from '#db/prism/invoices.ts'
import type { JobEnd } from '#lib/base/job-end.ts'
import type { HeldBack } from '#lib/billing/held-back.ts'
import { plan } from '#lib/billing/plan.ts'
import { simulate } from '#lib/billing/simulate.ts'
import type { PeriodPlan, Situation } from '#lib/billing/types.ts'
import { notSent, notShown, outcomeUnknown } from '#lib/ledger/findings.ts'
import type { Lease } from '#lib/ledger/lease.ts'
import { isUnsent, type SubscriptionOutcome } from '#lib/ledger/outcome.ts'
import { settle } from '#lib/ledger/settle.ts'
import { NotShown } from '#lib/ledger/shown.ts'
import { type AgreementState, furtherOn } from './agreement-state.ts'
import { collect } from './collect.ts'
import type { SyncContext } from './context.ts'
import { type Meaning, Month, type Read, type Rounded, type SyncedMonth } from './rounds.ts'
import { send, writesOf } from './send.ts'
import { rememberBeginnings } from './starts.ts'

export interface MonthInput {
  readonly runId: string
  readonly agreementId: number
  /** The customers that sync. */
  readonly tenantIds: readonly string[]
  readonly invoice: Invoice
  /** Earlier ones that are read with it. */
  readonly earlier?: readonly Invoice[]
  readonly meant: Meant
  readonly heldBack: HeldBack
  readonly lease: Lease
  /** As it was read when the sync began. */
  readonly state?: AgreementState
  /** Whether nothing was written by this job so far: it gets one write done, however late it is. */
  readonly isFirst: boolean
  /** Where the run has no round of the month yet. */
  readonly isNew?: boolean
  readonly record: Rounded<Situation>['record']
}

/** What is meant of a month of a monthly agreement. */
export type Meant = Pick<Meaning, 'plan' | 'remember'>

/** The invoice's plan. */
export const asInvoiced = (ctx: SyncContext, agreementId: number): Meant => ({
  plan: (_, situation) => planOf(situation),
  remember: (tx, _, meant) => rememberBeginnings(tx, ctx, agreementId, meant),
})

/** Rounds in all, those that an unknown outcome cut short included; those that ended because their time was up are not. */
const mostRounds = 5

/** Where its time is up, or a write without an answer has to be waited for, another job goes on where it stopped. */
export const syncMonth = (
  ctx: SyncContext,
  input: MonthInput,
): Promise<SyncedMonth | Exclude<JobEnd, 'done'>> => {
  const { agreementId, runId, invoice, heldBack, meant, state } = input
  let isStateNew = input.isFirst
  const meaning: Meaning = {
    ...meant,
    async collect(failed, earlier) {
      const known = state === undefined || isStateNew ? state : await furtherOn(ctx, state)
      isStateNew = false
      const invoices = [...(input.earlier ?? []), invoice]
      return collect({
        ctx,
        input: { agreementId, runId, state: known, invoices, heldBack, failed, earlier, asWritten: true },
      })
    },
    after: (situation, done) => ({ ...situation, ...simulate(situation, done) }),
    failing: (situation, failed) => ({ ...situation, failed }),
    mostWholeRounds: ({ options }) => (options.exactAmounts === true ? 3 : 2),
  }
  const { period, id: invoiceId } = invoice
  return syncRounds(ctx, { ...input, kind: 'month', period, invoiceId, meaning })
}

export type RoundsInput<S extends Read> = Rounded<S> &
  Pick<MonthInput, 'tenantIds' | 'lease' | 'isFirst' | 'isNew'>

/** The rounds of a month, or of an annual invoice; as `syncMonth`. */
export const syncRounds = async <S extends Read>(
  ctx: SyncContext,
  input: RoundsInput<S>,
): Promise<SyncedMonth<S> | Exclude<JobEnd, 'done'>> => {
  const { agreementId, tenantIds, runId, lease, meaning } = input
  const month = new Month(ctx, input)
  if (!input.isNew) await month.read()
  let situation: S | undefined
  let reusable: S | undefined
  let mayBeLate = input.isFirst
  for (;;) {
    const read: S | NotShown = await meaning.collect(month.failed, reusable).catch(onlyNotShown)
    if (read instanceof NotShown) {
      if (situation === undefined) throw read
      return month.close('not-shown', situation, concerns(read), notShown())
    }
    situation = read
    const meant = await meaning.plan(ctx.db, situation)
    if (writesOf(meant) === 0) return month.prove(situation, meant, () => send(ctx, sending(meant)))
    if (month.wholeRounds === meaning.mostWholeRounds(situation)) return month.notProved(situation, meant)
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

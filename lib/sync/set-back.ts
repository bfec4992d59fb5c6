/**
 * Setting back what somebody edited by hand on an agreement (docs/billing-rules.md, "Setting back"): read off the ledger and what
 * the agreement holds now; stored, sent and proved as a month is.
 */
import { changesOfItem, lastWrites } from '#db/ledger/changes.ts'
import type { Invoice } from '#db/prism/invoices.ts'
import { ProductError } from '#lib/base/errors.ts'
import type { JobEnd } from '#lib/base/job-end.ts'
import { nothingHeldBack } from '#lib/billing/held-back.ts'
import type { SubscriptionKey } from '#lib/billing/keys.ts'
import { moneyOf, type Preview } from '#lib/billing/plan-money.ts'
import { type LeftAddition, planSetBack } from '#lib/billing/set-back.ts'
import { firstNotInvoiced } from '#lib/billing/timeline.ts'
import type { Lease } from '#lib/ledger/lease.ts'
import { settle } from '#lib/ledger/settle.ts'
import { agreementStateOf } from './agreement-state.ts'
import { collect } from './collect.ts'
import type { SyncContext } from './context.ts'
import { type Ending, endingOfCut, unanswered } from './endings.ts'
import { type Meant, syncMonth } from './month.ts'
import type { Progress } from './progress.ts'

/** The newest month that is good on the agreement. Throws `not-found` where none is. */
const lastGoodInvoice = ({ good, invoices }: Progress): Invoice => {
  const months = new Set(Object.values(good).flat())
  const found = invoices.findLast(({ period }) => period !== null && months.has(period))
  if (found !== undefined) return found
  throw new ProductError('not-found', 'Nothing was synced to the agreement yet.')
}

const leftBy = async (
  { organisationId, program }: SyncContext,
  db: SyncContext['db'],
  agreementId: number,
): Promise<LeftAddition[]> => lastWrites(db, organisationId, program.slug, agreementId)

/** What setting back would write now, with its money from the first month on that ConnectWise has not invoiced. Throws `not-found`. */
export const previewSetBack = async (ctx: SyncContext, agreementId: number): Promise<Preview> => {
  const { progress } = await agreementStateOf(ctx, agreementId)
  const invoices = [lastGoodInvoice(progress)]
  const situation = await collect({ ctx, input: { agreementId, invoices } })
  const month = planSetBack(situation, await leftBy(ctx, ctx.db, agreementId))
  const plan = { agreementId, periods: [month] }
  const money = moneyOf(situation, plan, firstNotInvoiced(situation.agreement))
  return { ...plan, money, review: null }
}

export interface SetBackInput {
  readonly runId: string
  readonly agreementId: number
  /** Of these subscriptions; `''`: what is none's, as Azure. */
  readonly subscriptionIds: readonly string[]
}

/** Sets back what was edited, as the agreement's only writer. Throws `not-found` before anything is written. */
export const setBackAgreement = async (
  ctx: SyncContext,
  { runId, agreementId, subscriptionIds }: SetBackInput,
  lease: Lease,
): Promise<Ending | Exclude<JobEnd, 'done'>> => {
  const settled = await settle(ctx, agreementId)
  if ('againInMs' in settled) return settled
  if (settled.some(({ outcome, change }) => outcome === 'unknown' && change.runId === runId))
    return unanswered
  const state = await agreementStateOf(ctx, agreementId)
  const invoice = lastGoodInvoice(state.progress)
  const isChosen = ({ subscriptionId }: { readonly subscriptionId: string }): boolean =>
    subscriptionIds.includes(subscriptionId)
  const meant: Meant = {
    async plan(db, situation) {
      const left = (await leftBy(ctx, db, agreementId)).filter(isChosen)
      const done = await changesOfItem(db, ctx.organisationId, { runId, agreementId })
      const touched = new Set<SubscriptionKey>(done.map(({ subscriptionId }) => subscriptionId))
      return planSetBack(situation, left, [...touched])
    },
    remember: () => Promise.resolve(),
  }
  const month = await syncMonth(ctx, {
    runId,
    agreementId,
    // A person asks for it, whoever syncs.
    tenantIds: [],
    invoice,
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

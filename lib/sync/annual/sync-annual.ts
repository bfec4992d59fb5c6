/**
 * A sync of a One-Time agreement (J9; docs/billing-rules.md, "Annual invoices"), top to bottom: each annual invoice of which something is
 * left is collected, planned, stored, sent and proved by itself, the oldest first.
 */
import { provedAnnualInvoices, roundsBegun } from '#db/runs/run-periods.ts'
import { runItem } from '#db/runs/runs.ts'
import type { JobEnd } from '#lib/base/job-end.ts'
import { annualMoneyOf } from '#lib/billing/annual/annual-money.ts'
import type { AnnualSituation } from '#lib/billing/annual/annual-situation.ts'
import { planAnnual } from '#lib/billing/annual/plan-annual.ts'
import type { PlanMoney } from '#lib/billing/plan-money.ts'
import { simulate } from '#lib/billing/simulate.ts'
import type { PeriodPlan, Plan } from '#lib/billing/types.ts'
import { isTimeUp } from '#lib/intake/context.ts'
import type { Lease } from '#lib/ledger/lease.ts'
import { isClosed } from '#lib/ledger/outcome.ts'
import { settle } from '#lib/ledger/settle.ts'
import type { SyncContext } from '../context.ts'
import { type Ending, endingOfCut, endingOfStop, noAnnualInvoice, unanswered } from '../endings.ts'
import { type RoundsInput, syncRounds } from '../month.ts'
import type { Meaning } from '../rounds.ts'
import { writesOf } from '../send.ts'
import { stopOf } from '../stop.ts'
import { type AnnualState, annualStateOf } from './annual-state.ts'
import { collectAnnual } from './collect-annual.ts'

interface Item {
  readonly runId: string
  readonly agreementId: number
}

/** As its only writer. */
export const syncAnnual = async (
  ctx: SyncContext,
  item: Item,
  state: AnnualState,
  lease: Lease,
): Promise<Ending | Exclude<JobEnd, 'done'>> => {
  const { db, organisationId, program } = ctx
  const settled = await settle(ctx, item.agreementId)
  if ('againInMs' in settled) return settled
  if (settled.some(({ outcome, change }) => outcome === 'unknown' && change.runId === item.runId))
    return unanswered
  const tenantIds = state.syncing.map(({ tenantId }) => tenantId)
  if (tenantIds.length === 0) return switchedOff(ctx, item)
  const read = await collectAnnual(ctx, { ...item, state, asWritten: true })
  const proved = await provedAnnualInvoices(db, organisationId, program.slug, item.agreementId)
  const begun = await roundsBegun(db, organisationId, item)
  const closed = new Set(begun.flatMap(({ end, invoiceId }) => (isClosed(end) ? [invoiceId] : [])))
  const due = dueOf(planAnnual(read), proved)
  if (due.length === 0) return noAnnualInvoice(read.options.annualTermsAtOnce !== null)
  let situation: AnnualSituation | undefined = read
  let isFirst = true
  for (const planned of due.filter(({ invoiceId }) => !closed.has(invoiceId))) {
    const stop = await stopOf(ctx, { ...item, tenantIds })
    if (stop !== null) return endingOfStop(stop)
    if (!isFirst && isTimeUp(ctx)) return { againInMs: 0 }
    const known = situation
    const input: RoundsInput<AnnualSituation> = {
      ...item,
      ...annualOf(planned),
      tenantIds,
      lease,
      isFirst,
      meaning: asCharged(ctx, item, state, planned, known),
      record: () => Promise.resolve(),
    }
    const synced = await syncRounds(ctx, input)
    if ('againInMs' in synced) return synced
    const cut = endingOfCut(synced)
    if (cut !== null) return cut
    situation = undefined
    isFirst = false
  }
  return { status: 'No Change', message: null }
}

const annualOf = ({ period, invoiceId }: PeriodPlan) => ({ kind: 'annual', period, invoiceId }) as const

/** Invoices with something to write or to say, and those that were never proved; where there are none, the newest one again. */
const dueOf = ({ periods }: Plan, proved: ReadonlySet<string>): PeriodPlan[] => {
  const due = periods.filter(
    (each) =>
      writesOf(each) > 0 ||
      !proved.has(each.invoiceId) ||
      each.findings.length > 0 ||
      each.subscriptions.some(({ findings }) => findings.length > 0),
  )
  return due.length > 0 ? due : periods.slice(-1)
}

/** What the invoice charges. @param known as it was read just before */
const asCharged = (
  ctx: SyncContext,
  item: Item,
  state: AnnualState,
  { invoiceId }: PeriodPlan,
  known: AnnualSituation | undefined,
): Meaning<AnnualSituation> => {
  let first = known
  return {
    collect(_, earlier) {
      const before = first
      first = undefined
      return before === undefined
        ? collectAnnual(ctx, { ...item, state, earlier, asWritten: true })
        : Promise.resolve(before)
    },
    plan: (_, situation) => plannedOf(planAnnual(situation), invoiceId),
    remember: () => Promise.resolve(),
    ...afterwards(invoiceId),
  }
}

export const afterwards = (
  invoiceId: string,
): Pick<Meaning<AnnualSituation>, 'after' | 'failing' | 'mostWholeRounds'> => ({
  after: (situation, done) => {
    const { additions, owned, catalog } = situation
    return { ...situation, ...simulate({ additions, owned, catalog }, done) }
  },
  failing: (situation, failed) => ({ ...situation, failed: { ...situation.failed, [invoiceId]: failed } }),
  mostWholeRounds: () => 2,
})

export const plannedOf = ({ periods }: Plan, invoiceId: string): PeriodPlan => {
  const planned = periods.find((each) => each.invoiceId === invoiceId)
  if (planned === undefined) throw new Error('A planned invoice has a plan')
  return planned
}

const switchedOff = async (ctx: SyncContext, item: Item): Promise<Ending> => {
  const of = await runItem(ctx.db, ctx.organisationId, item.runId, item.agreementId)
  const stop = await stopOf(ctx, { ...item, tenantIds: of?.tenantIds ?? [] })
  return stop === null ? noAnnualInvoice(true) : endingOfStop(stop)
}

export interface AnnualPreview {
  readonly situation: AnnualSituation
  readonly plan: Plan
  readonly money: PlanMoney | null
}

/** What a sync would do now; `null` where it is no customer's One-Time agreement. */
export const previewAnnual = async (
  ctx: SyncContext,
  agreementId: number,
  syncing: readonly string[] = [],
): Promise<AnnualPreview | null> => {
  const state = await annualStateOf(ctx, agreementId, { syncing })
  if (state.mappings.length === 0) return null
  const situation = await collectAnnual(ctx, { agreementId, state })
  const whole = planAnnual(situation)
  const { db, organisationId, program } = ctx
  const proved = await provedAnnualInvoices(db, organisationId, program.slug, agreementId)
  const plan = { ...whole, periods: dueOf(whole, proved) }
  return { situation, plan, money: annualMoneyOf(situation, plan) }
}

/**
 * The index of months: what the plans of each month of an agreement come to, for the month's page (J5). It is written where a sync
 * ends, from what is stored of it, and is never read to decide; made anew from all that is stored it is the same.
 */
import { z } from 'zod'
import type { Database } from '#db/client.ts'
import {
  besidePlan,
  billsAndNewest,
  billsOfAgreement,
  type NewBill,
  putBills,
  type StoredBill,
  staysOn,
  syncsWithoutBill,
} from '#db/months/bills.ts'
import { type Run, run, runItem } from '#db/runs/runs.ts'
import { type SubscriptionKey, subscriptionKey } from '#lib/billing/keys.ts'
import { amountSchema, type Period, type PeriodPlan } from '#lib/billing/types.ts'
import { outcomesOf } from '#lib/ledger/outcomes.ts'
import { type BillRow, billOf, rowsAfter, rowsHere, type Stay } from '#lib/proof/bill.ts'

export interface MonthIndexContext {
  readonly organisationId: string
  readonly program: string
}

interface Item {
  readonly runId: string
  readonly agreementId: number
  /** What the run was made for; `null`: there is no such run any more. */
  readonly of: Pick<Run, 'undoes' | 'setsBack'> | null
}

/**
 * Stores what the months that a finished sync planned come to, and what is left of those of customers that moved away. An annual
 * invoice is of no month's file.
 */
export const indexMonths = async (
  tx: Database,
  ctx: MonthIndexContext,
  item: Item,
  planned: readonly PeriodPlan[],
  checkedAt: Date,
): Promise<void> => {
  const months = planned.filter(({ annual }) => annual === undefined)
  const { organisationId, program } = ctx
  const { runId, agreementId, of } = item
  const stays = await staysOn(tx, organisationId, program, agreementId)
  if (months.length > 0) {
    // An undo, or a setting back, plans only what it takes back.
    const isPart = of?.undoes !== null || of.setsBack !== null
    const periods = months.map((month) => month.period)
    const bills = await billsAndNewest(tx, organisationId, program, agreementId, periods)
    const stored = new Map(bills.map((each) => [each.period, each]))
    const newest = [...periods, ...stored.keys()].reduce((a, b) => (a > b ? a : b))
    const now: NewBill[] = []
    for (const plan of months) {
      const before = rowsOf(stored.get(plan.period))
      const rows = await rowsNow(tx, ctx, agreementId, plan, before, isPart || plan.period < newest)
      const { period, invoiceId } = plan
      const figures = figuresOf(rows, period, stays)
      now.push({ ...figures, period, runId, invoiceId, newest, rows, checkedAt })
    }
    await putBills(tx, organisationId, program, agreementId, now)
  }
  await settleStays(tx, ctx, agreementId, stays)
}

const rowSchema: z.ZodType<BillRow> = z.object({
  kind: z.enum(['subscription', 'ignored', 'other']),
  subscriptionId: z.string().transform(subscriptionKey),
  tenantId: z.string(),
  invoiced: amountSchema,
  taken: amountSchema,
  billed: amountSchema,
  terms: z.record(z.string(), amountSchema),
  isFailing: z.boolean(),
  isWaiting: z.boolean(),
})

/** Of another version of the product, what is not understood is left out: the next plan of the whole month says it again. */
const rowsOf = (bill: Pick<StoredBill, 'rows'> | undefined): readonly BillRow[] =>
  z.array(rowSchema).safeParse(bill?.rows).data ?? []

const rowsNow = async (
  tx: Database,
  { organisationId, program }: MonthIndexContext,
  agreementId: number,
  plan: PeriodPlan,
  before: readonly BillRow[],
  isPart: boolean,
): Promise<BillRow[]> => {
  const { period, invoiceId } = plan
  const named = [...plan.subscriptions, ...plan.ignored, ...before].map((each) =>
    subscriptionKey(each.subscriptionId),
  )
  const ids = [...new Set(named)].filter((id) => id !== '')
  const beside = await besidePlan(tx, organisationId, program, { agreementId, period, invoiceId }, ids)
  const stays = (id: SubscriptionKey): boolean => isPart || beside.good.has(id)
  const unplanned = beside.unplanned.map(({ isElsewhere, ...each }) => {
    const term = isElsewhere ? ('billedElsewhere' as const) : ('beforeStart' as const)
    return { ...each, term }
  })
  return rowsAfter({ plan, before, stays, unplanned, unowned: beside.unowned, azure: beside.azure })
}

const figuresOf = (rows: readonly BillRow[], period: Period, stays: readonly Stay[]) => {
  const { invoiced, taken, billed, terms, failing, waiting, tenantIds } = billOf(
    rowsHere(rows, period, stays),
  )
  return {
    invoicedCost: invoiced.cost,
    invoicedPrice: invoiced.price,
    takenCost: taken.cost,
    takenPrice: taken.price,
    billedCost: billed.cost,
    billedPrice: billed.price,
    terms,
    failing,
    waiting,
    tenantIds: [...tenantIds],
  }
}

/** After a customer moved away, what was planned of its later months counts no more. */
const settleStays = async (
  tx: Database,
  { organisationId, program }: MonthIndexContext,
  agreementId: number,
  stays: readonly Stay[],
): Promise<void> => {
  const last = stays.flatMap(({ until }) => until ?? []).sort()[0]
  if (last === undefined) return
  const gone = new Set(stays.filter(({ until }) => until !== null).map(({ tenantId }) => tenantId))
  const later = (await billsOfAgreement(tx, organisationId, program, agreementId)).filter(
    ({ period, tenantIds }) => period > last && tenantIds.some((id) => gone.has(id)),
  )
  const settled = later.map(({ organisationId: _, program: __, agreementId: ___, ...bill }) => ({
    ...bill,
    ...figuresOf(rowsOf(bill), bill.period, stays),
  }))
  await putBills(tx, organisationId, program, agreementId, settled)
}

/**
 * Months that were synced before there was an index, or before it was forgotten. @param most agreements at once
 * @returns whether there may be more
 */
export const indexOlderMonths = async (
  db: Database,
  ctx: MonthIndexContext,
  most: number,
): Promise<boolean> => {
  const { organisationId, program } = ctx
  const found = await syncsWithoutBill(db, organisationId, program, most)
  const byAgreement = [...Map.groupBy(found, ({ agreementId }) => agreementId).values()]
  for (const syncs of byAgreement)
    await db.transaction(async (tx) => {
      for (const item of syncs) {
        const stored = await runItem(tx, organisationId, item.runId, item.agreementId)
        if (stored?.finishedAt === null || stored === null) continue
        const of = await run(tx, organisationId, item.runId)
        const months = await outcomesOf(tx, organisationId, item)
        await indexMonths(tx, ctx, { ...item, of }, months, stored.finishedAt)
      }
    })
  return byAgreement.length === most
}

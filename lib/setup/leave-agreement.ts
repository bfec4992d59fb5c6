/**
 * What happens on the agreement that a customer leaves, because its mapping moves or is cleared (E5;
 * docs/billing-rules.md, "Moving and clearing").
 */
import type { Database } from '#db/client.ts'
import {
  formerMappingsOfTenants,
  putFormerMapping,
  unfinishedFormerMappings,
} from '#db/mappings/former-mappings.ts'
import type { Mapping } from '#db/mappings/mappings.ts'
import { periodStatesOf } from '#db/mappings/period-states.ts'
import { readyInvoices } from '#db/prism/invoices.ts'
import { ProductError } from '#lib/base/errors.ts'
import { addMonths, periodOf } from '#lib/billing/days.ts'
import { amount, pair, sumPairs } from '#lib/billing/decimal.ts'
import { monthName } from '#lib/billing/format.ts'
import { additionsOfTenant } from '#lib/billing/moving.ts'
import { earliestTakeover, type OpenAddition, openAfter, type Takeover } from '#lib/billing/takeover.ts'
import type { Agreement, Amount, Day, Period, Situation } from '#lib/billing/types.ts'

export interface LeaveContext {
  readonly db: Database
  readonly organisationId: string
  readonly program: string
  readonly actor: string
  /** An agreement as a sync would read it now, with what the newest invoice has of its customers; `null` where ConnectWise has none. */
  readonly readAgreement: (agreementId: number) => Promise<Situation | null>
  readonly currency: string
  readonly today: Day
}

/** What a person is to know before a customer leaves an agreement. */
export interface Leaving {
  readonly agreementId: number
  readonly agreementName: string
  readonly companyName: string
  /** What is open there after the last month before `takeover`, and what it bills a month in all. */
  readonly open: readonly OpenAddition[]
  readonly monthly: Amount
  /** From when another agreement takes over; where none does, the first month that is not billed any more. */
  readonly takeover: Takeover
  /** Nothing of it was ever synced or is there: there is nothing to ask. */
  readonly isUntouched: boolean
}

/** What a person decided: the month after the last one there, or to leave everything there as it is. */
export type LeavingAnswer = { readonly from: Period } | 'leave'

/**
 * Reads the agreement that a mapped customer would leave. Throws `agreement-unsuitable` where the new one can carry no month.
 * @param target the agreement that takes over; `null` where the mapping is cleared
 */
export async function leavingOf(
  ctx: LeaveContext,
  before: Pick<Mapping, 'tenantId' | 'agreementId' | 'agreementName' | 'companyName' | 'firstPeriod'>,
  target: Agreement | null,
): Promise<Leaving> {
  const { db, organisationId, program } = ctx
  const { tenantId, agreementId, agreementName, companyName } = before
  const situation = await ctx.readAgreement(agreementId)
  const synced = (await periodStatesOf(db, organisationId, program, [tenantId])).flatMap((each) =>
    each.agreementId === agreementId && each.state === 'good' ? [each.period] : [],
  )
  const lastGood = synced.sort().at(-1) ?? null
  const newest = (await readyInvoices(db, organisationId, program))
    .map(({ period }) => period)
    .sort()
    .at(-1)
  const takeover = earliestTakeover({
    situation,
    tenantId,
    lastGood,
    first: before.firstPeriod ?? newest ?? periodOf(ctx.today),
    target: target === null ? null : { agreement: target, currency: ctx.currency },
  })
  if (takeover === null)
    throw new ProductError('agreement-unsuitable', 'It can carry none of the months of the next two years.')
  const open = situation === null ? [] : openAfter(situation, tenantId, addMonths(takeover.from, -1))
  return {
    agreementId,
    agreementName: agreementName || (situation?.agreement.name ?? `agreement ${agreementId}`),
    companyName,
    open,
    monthly: amount(sumPairs(open.map(({ monthly }) => pair(monthly)))),
    takeover,
    isUntouched:
      lastGood === null && (situation === null || additionsOfTenant(situation, tenantId).length === 0),
  }
}

/** Throws `conflict` where a month is chosen that is billed there already. */
export function refuseEarlier({ takeover, agreementName }: Leaving, answer: LeavingAnswer): void {
  if (answer === 'leave' || answer.from >= takeover.from) return
  throw new ProductError(
    'conflict',
    `${agreementName} bills the months before ${monthName(takeover.from)}; nothing of them can be taken over.`,
  )
}

/** Remembers the agreement that a customer leaves, until nothing of it is left there. */
export async function noteLeaving(
  tx: Database,
  ctx: Pick<LeaveContext, 'organisationId' | 'program' | 'actor'>,
  before: Mapping,
  answer: LeavingAnswer,
): Promise<void> {
  const { organisationId, program, actor } = ctx
  const { tenantId, agreementId, agreementName, companyId, companyName, firstPeriod } = before
  await putFormerMapping(tx, organisationId, program, {
    tenantId,
    agreementId,
    agreementName,
    companyId,
    companyName,
    firstPeriod,
    lastPeriod: answer === 'leave' ? null : addMonths(answer.from, -1),
    leftBy: actor,
  })
}

/** Throws `conflict` where an earlier time of the customer on the agreement that it leaves was not ended yet. */
export async function refuseUnended(
  ctx: Pick<LeaveContext, 'db' | 'organisationId' | 'program'>,
  { tenantId, agreementId, agreementName }: Mapping,
): Promise<void> {
  const unended = await unfinishedFormerMappings(ctx.db, ctx.organisationId, ctx.program)
  if (!unended.some((each) => each.tenantId === tenantId && each.agreementId === agreementId)) return
  throw new ProductError(
    'conflict',
    `What the customer had on ${agreementName} before it came back is still to be ended there: sync it first.`,
  )
}

/**
 * The first month that a new mapping may bill, where the customer's mapping was cleared and another agreement still bills it for
 * months to come; else `null`.
 */
export async function billedElsewhereUpTo(
  { db, organisationId, program }: Pick<LeaveContext, 'db' | 'organisationId' | 'program'>,
  { tenantId, agreementId }: { readonly tenantId: string; readonly agreementId: number },
): Promise<Period | null> {
  const left = await formerMappingsOfTenants(db, organisationId, program, [tenantId])
  const last = left
    .flatMap((each) => (each.agreementId === agreementId ? [] : (each.lastPeriod ?? [])))
    .sort()
    .at(-1)
  const newest = (await readyInvoices(db, organisationId, program))
    .map(({ period }) => period)
    .sort()
    .at(-1)
  return last !== undefined && (newest === undefined || last >= newest) ? addMonths(last, 1) : null
}

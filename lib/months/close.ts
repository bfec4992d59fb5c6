/**
 * Closing a month, and opening it again (J5). Its figures are computed in two ways, which must agree, and are kept as they are then.
 * A closed month blocks nothing: what changes it afterwards goes on, and is said.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Database } from '#db/client.ts'
import { noticeNoLaterThan } from '#db/directory/due-notices.ts'
import { type Closing, closingsOf, lockMonth, putClosing, reopen } from '#db/months/closings.ts'
import { type MonthTotals, monthTotals } from '#db/months/month-page.ts'
import { putDigest } from '#db/notices/outbox.ts'
import { audit } from '#db/people/audit.ts'
import { ProductError } from '#lib/base/errors.ts'
import { amount, decimal, pair, subtractPair } from '#lib/billing/decimal.ts'
import { monthName, unitPriceText } from '#lib/billing/format.ts'
import type { Money, Period } from '#lib/billing/types.ts'
import { recipientsOf } from '#lib/notify/decide.ts'
import type { Digest } from '#lib/notify/facts.ts'
import { type Equation, equationOf } from '#lib/proof/month.ts'
import { type MonthTerm, TermSums, type Terms } from '#lib/proof/terms.ts'
import { blockersOf, whyNotClosed } from './blockers.ts'
import { type MonthContext, type MonthKey, provedMonth, requireInvoice } from './month.ts'

export interface CloseInput {
  readonly period: Period
  /** What is billed, as it was shown: to another figure nobody has said yes. */
  readonly billed: Money
}

/** The page's sums as an equation over the whole file. */
export const equationOfTotals = (total: Equation['invoiced'], { billed, terms }: MonthTotals): Equation =>
  equationOf(
    total,
    billed,
    terms.reduce((sums, { term, amount: value }) => sums.add(term as MonthTerm, pair(value)), new TermSums())
      .terms,
  )

/**
 * Closes it. Throws `not-found` without an invoice, `conflict` where it is closed, where something is left to do (its sentence says
 * what), or where other figures were shown.
 */
export const closeMonth = async ({
  ctx,
  currency,
  input: { period, billed },
}: {
  readonly ctx: MonthContext
  readonly currency: string
  readonly input: CloseInput
}): Promise<Closing> => {
  const { organisationId, program, actor } = ctx
  return ctx.db.transaction(async (tx) => {
    await lockMonth(tx, organisationId, program, period)
    const [last] = await closingsOf(tx, organisationId, program, period)
    if (last !== undefined && last.reopenedAt === null)
      throw new ProductError('conflict', `${monthName(period)} is closed already, by ${last.closedBy}.`)
    const { of, total } = await requireInvoice(tx, ctx, period)
    const totals = await monthTotals(tx, organisationId, of)
    const equation = equationOfTotals(total, totals)
    const why = whyNotClosed(blockersOf(totals, equation))
    if (why !== null) throw new ProductError('conflict', why)
    if (!decimal(equation.billed.price).eq(decimal(billed)))
      throw new ProductError('conflict', 'Another amount is billed by now. Look at the month again.')
    const proved = await provedMonth(tx, organisationId, of, total)
    const closing = await putClosing(tx, organisationId, of, {
      totalCost: equation.invoiced.cost,
      totalPrice: equation.invoiced.price,
      billedCost: equation.billed.cost,
      billedPrice: equation.billed.price,
      terms: equation.terms,
      closedBy: actor,
      closedAt: ctx.now(),
    })
    await requireSame(tx, ctx, of, totals)
    if (!isSame(equation, proved)) throw new Error(`Two ways to ${period} come to other figures`)
    const figures = { invoiced: total.price, billed: equation.billed.price, accepted: totals.accepted }
    await audit(tx, organisationId, { actor, action: 'close-month', subject: period, detail: figures })
    await tell(tx, ctx, currency, digestOf(ctx, period, equation, totals.accepted))
    return closing
  })
}

/** Syncs go on while a month is closed: what came between the first look and the last is another month. */
const requireSame = async (
  tx: Database,
  { organisationId }: MonthContext,
  of: MonthKey,
  before: MonthTotals,
): Promise<void> => {
  const after = await monthTotals(tx, organisationId, of)
  if (!isDeepStrictEqual(before, after))
    throw new ProductError('conflict', 'The month changed while it was closed. Try again.')
}

/** Throws `conflict` where the month is not closed. */
export const reopenMonth = async ({
  ctx,
  input: { period, reason },
}: {
  readonly ctx: MonthContext
  readonly input: { readonly period: Period; readonly reason: string }
}): Promise<void> => {
  const { organisationId, program, actor } = ctx
  await ctx.db.transaction(async (tx) => {
    await lockMonth(tx, organisationId, program, period)
    const opened = await reopen(tx, organisationId, program, period, { by: actor, at: ctx.now(), reason })
    if (opened === null) throw new ProductError('conflict', `${monthName(period)} is not closed.`)
    await audit(tx, organisationId, { actor, action: 'reopen-month', subject: period, detail: { reason } })
  })
}

const isSame = (a: Equation, b: Equation): boolean => {
  const gap = (terms: Terms, others: Terms): boolean =>
    Object.entries(terms).every(([term, value]) => {
      const other = others[term as MonthTerm]
      return other !== undefined && isZero(amount(subtractPair(pair(value), pair(other))))
    })
  return (
    isZero(amount(subtractPair(pair(a.billed), pair(b.billed)))) &&
    gap(a.terms, b.terms) &&
    gap(b.terms, a.terms)
  )
}
const isZero = ({ cost, price }: Equation['billed']): boolean => cost === '0' && price === '0'

/** Once to each of the program's addresses, and its webhook: in the transaction that closes. */
const tell = async (
  tx: Database,
  { organisationId, program, now }: MonthContext,
  currency: string,
  digest: Digest,
): Promise<void> => {
  const recipients = await recipientsOf(tx, organisationId, program)
  if (recipients.length === 0) return
  await putDigest(tx, organisationId, { program, currency, digest }, recipients, now())
  await noticeNoLaterThan(tx, organisationId, now())
}

const digestOf = (
  { program, actor }: MonthContext,
  period: Period,
  { invoiced, billed }: Equation,
  accepted: number,
): Digest => {
  const yes = accepted === 1 ? '1 difference was accepted' : `${accepted} differences were accepted`
  return {
    news: [
      {
        kind: 'closed',
        cause: `${monthName(period)} was closed by ${actor}: ${unitPriceText(billed.price)} is billed of ${unitPriceText(invoiced.price)} that PRISM invoiced, and ${yes}`,
        remedy: '',
        count: 1,
        total: billed.price,
        entries: [
          {
            customer: 'The month',
            subject: '',
            period,
            amount: billed.price,
            before: null,
            path: `/programs/${program}/months/${period}`,
          },
        ],
      },
    ],
    recovered: [],
    recoveredCount: 0,
    reminders: [],
  }
}

/** A person accepts differences of a month, with why, or takes that back (J5). Audited; the month's bills stay what they are. */

import type { Database } from '#db/client.ts'
import { type Accepting, accept, closingsOf, lockMonth, takeBack } from '#db/months/closings.ts'
import { audit } from '#db/people/audit.ts'
import { ProductError } from '#lib/base/errors.ts'
import { monthName } from '#lib/billing/format.ts'
import type { Period } from '#lib/billing/types.ts'
import { type MonthContext, requireInvoice } from './month.ts'

export interface AcceptInput {
  readonly period: Period
  readonly note: string
  readonly what: Accepting
  /** How many there were as they were shown. */
  readonly count: number
}

/**
 * Accepts them, all or none; how many. Throws `conflict` where a difference is another one by now, or more or fewer fit, and where
 * the month is closed; `not-found` where it has no invoice.
 */
export const acceptDifferences = async ({
  ctx,
  input: { period, note, what, count },
}: {
  readonly ctx: MonthContext
  readonly input: AcceptInput
}): Promise<number> => {
  const { organisationId, program, actor } = ctx
  return ctx.db.transaction(async (tx) => {
    await lockMonth(tx, organisationId, program, period)
    await requireOpen(tx, ctx, period)
    const { of } = await requireInvoice(tx, ctx, period)
    const said = { note, by: actor, at: ctx.now() }
    const accepted = await accept(tx, organisationId, of, what, said)
    if (accepted.length !== count)
      throw new ProductError(
        'conflict',
        `${accepted.length} of ${count} differences are as they were shown. Look at them again.`,
      )
    const detail = { note, bills: accepted.slice(0, mostNamed), count }
    await audit(tx, organisationId, { actor, action: 'accept-differences', subject: period, detail })
    return accepted.length
  })
}

/** The record names so many; a closing has all of them. */
const mostNamed = 100

/** Throws `not-found` where none of them is accepted, and `conflict` where the month is closed. */
export const takeAcceptancesBack = async ({
  ctx,
  input: { period, bills },
}: {
  readonly ctx: MonthContext
  readonly input: { readonly period: Period; readonly bills: readonly string[] }
}): Promise<number> => {
  const { organisationId, program, actor } = ctx
  return ctx.db.transaction(async (tx) => {
    await lockMonth(tx, organisationId, program, period)
    await requireOpen(tx, ctx, period)
    const taken = await takeBack(tx, organisationId, program, period, bills)
    if (taken.length === 0) throw new ProductError('not-found', 'None of these differences is accepted.')
    const detail = { bills: taken.slice(0, mostNamed), count: taken.length }
    await audit(tx, organisationId, { actor, action: 'take-acceptances-back', subject: period, detail })
    return taken.length
  })
}

const requireOpen = async (
  tx: Database,
  { organisationId, program }: MonthContext,
  period: Period,
): Promise<void> => {
  const [last] = await closingsOf(tx, organisationId, program, period)
  if (last !== undefined && last.reopenedAt === null)
    throw new ProductError('conflict', `${monthName(period)} is closed. Open it again first.`)
}

/**
 * A person mutes what stays of one customer and cause, for a time and with why, or takes that back (J3). It leaves the inbox and
 * every count; it stays what it is where a sync is shown.
 */
import type { Database } from '#db/client.ts'
import { lastingSums } from '#db/mappings/lasting-points.ts'
import { endMute, lockMutes, type MuteNow, momentOf, mutesNow, putMute } from '#db/mappings/mutes.ts'
import { audit } from '#db/people/audit.ts'
import { ProductError } from '#lib/base/errors.ts'
import { decimal } from '#lib/billing/decimal.ts'
import { shortDay } from '#lib/billing/format.ts'
import type { LastingCause } from '#lib/billing/lasting-points.ts'
import { endOfTerm, latestEnd, type MuteTerm } from '#lib/billing/mute-terms.ts'
import type { Money } from '#lib/billing/types.ts'
import type { AnswerContext } from './answers.ts'

export interface MuteContext extends AnswerContext {
  readonly now: () => Date
}

export interface MuteInput {
  readonly tenantId: string
  readonly cause: LastingCause
  /** What the person saw that it is about. */
  readonly amount: Money
  readonly reason: string
  readonly term: MuteTerm
}

/**
 * Mutes it; what was muted of the same with another reason or time is replaced, and the same once more changes nothing. Throws
 * `not-found` where nothing of it is there, `conflict` where it is about another amount by now, and `request-invalid` for a day that has
 * passed or is too far.
 */
export async function mute({ ctx, input }: { ctx: MuteContext; input: MuteInput }): Promise<MuteNow> {
  const { organisationId, program, actor } = ctx
  const { tenantId, cause, reason, term } = input
  return ctx.db.transaction(async (tx) => {
    await lockMutes(tx, organisationId, tenantId)
    const at = ctx.now()
    const amount = await amountNow(tx, ctx, input)
    const moment = await momentOf(tx, organisationId, program, at)
    const end = endOfTerm(term, moment)
    if (end === null)
      throw new ProductError(
        'request-invalid',
        `Choose a day from today to ${shortDay(latestEnd(moment.today))}.`,
      )
    const of = { reason, ...end }
    const before = await openMute(tx, ctx, tenantId, cause)
    if (before?.muting === 'muted' && isSame(before, of)) return before
    if (before !== undefined) await endMute(tx, organisationId, before.id, endedAs(before), at)
    const put = { program, tenantId, cause, amount, ...of, mutedBy: actor, mutedAt: at }
    if ((await putMute(tx, organisationId, put)) === null)
      throw new Error('A mute has been ended, and stands in the way of the next one')
    const detail = {
      cause,
      amount,
      before: before === undefined ? {} : wordsOf(before),
      after: wordsOf(of),
    }
    await audit(tx, organisationId, { actor, action: 'mute', subject: tenantId, detail })
    const now = await openMute(tx, ctx, tenantId, cause)
    if (now === undefined) throw new Error('What was muted is there')
    return now
  })
}

/** Takes it back. Throws `not-found` where nothing of the customer is muted under that id. */
export async function unmute({
  ctx,
  input: { tenantId, id },
}: {
  ctx: MuteContext
  input: { readonly tenantId: string; readonly id: string }
}): Promise<void> {
  const { organisationId, program, actor } = ctx
  await ctx.db.transaction(async (tx) => {
    await lockMutes(tx, organisationId, tenantId)
    const found = (await mutesNow(tx, organisationId, program, ctx.now(), [tenantId])).find(
      (each) => each.id === id,
    )
    if (found === undefined) throw new ProductError('not-found', 'This is not muted any more.')
    await endMute(tx, organisationId, id, 'unmuted', ctx.now())
    const { cause, amount } = found
    const detail = { cause, amount, before: wordsOf(found), after: {} }
    await audit(tx, organisationId, { actor, action: 'unmute', subject: tenantId, detail })
  })
}

const openMute = async (
  db: Database,
  { organisationId, program, now }: MuteContext,
  tenantId: string,
  cause: LastingCause,
): Promise<MuteNow | undefined> =>
  (await mutesNow(db, organisationId, program, now(), [tenantId])).find((each) => each.cause === cause)

type Terms = Pick<MuteNow, 'reason' | 'until' | 'untilInvoiceAfter'>

const isSame = (one: Terms, other: Terms): boolean =>
  one.reason === other.reason &&
  one.until === other.until &&
  one.untilInvoiceAfter === other.untilInvoiceAfter

const endedAs = ({ muting }: MuteNow) => (muting === 'muted' ? 'replaced' : muting)

/** As the record has it. */
const wordsOf = ({ reason, until, untilInvoiceAfter }: Terms) => ({
  reason,
  until: untilInvoiceAfter === null ? until : 'the next invoice',
})

async function amountNow(
  db: Database,
  { organisationId, program }: MuteContext,
  { tenantId, cause, amount }: MuteInput,
): Promise<Money> {
  const sums = await lastingSums(db, organisationId, program, [tenantId])
  const found = sums.find((each) => each.cause === cause)
  if (found === undefined)
    throw new ProductError('not-found', 'Nothing of this customer is there to be muted for this.')
  if (decimal(found.amount).eq(decimal(amount))) return found.amount
  throw new ProductError('conflict', 'It is about another amount by now. Look at it again.')
}

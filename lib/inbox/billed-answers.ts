/**
 * A person says what an invoice of ConnectWise's billed of an addition, where nothing tells, or takes that
 * back (docs/billing-rules.md, "Days billed"). The next look syncs the agreement with it.
 */
import { billedAnswersOf, deleteBilledAnswer, putBilledAnswer } from '#db/ledger/billed-answers.ts'
import { readingsOf } from '#db/ledger/readings.ts'
import { bringSyncs } from '#db/mappings/bring-sync.ts'
import { audit } from '#db/people/audit.ts'
import { ProductError } from '#lib/base/errors.ts'
import { shortDay } from '#lib/billing/format.ts'
import { invoicesBetween } from '#lib/billing/readings.ts'
import type { BilledAs, BilledDoubt, Day } from '#lib/billing/types.ts'
import { type AnswerContext, tenantsOf } from './answers.ts'

interface Asked {
  readonly agreementId: number
  readonly additionId: number
  /** Of the invoice: the last day of the last month that it covers. */
  readonly through: Day
}

/** Of every reading that is kept. */
const ALL = '2000-01-01' as Day

/**
 * Notes it; an earlier answer is replaced. Throws `not-found` where the agreement is not mapped, or nothing of the kind is in
 * doubt.
 */
export async function answerBilled({
  ctx,
  input,
}: {
  ctx: AnswerContext
  input: Asked & { readonly billed: BilledAs }
}): Promise<void> {
  const { db, organisationId, program, actor } = ctx
  const { billed, ...asked } = input
  await tenantsOf(ctx, asked.agreementId)
  const readingId = (await doubtOf(ctx, asked))?.readingId
  if (readingId === undefined)
    throw new ProductError(
      'not-found',
      `Nothing is in doubt of addition ${asked.additionId} on the invoice until ${shortDay(asked.through)}. Sync the agreement, and look again.`,
    )
  await db.transaction(async (tx) => {
    const before = (await billedAnswersOf(tx, organisationId, asked.agreementId)).find((each) =>
      isOf(each, asked),
    )
    await putBilledAnswer(tx, organisationId, { ...asked, readingId, billed, answeredBy: actor })
    await bringSyncs(tx, organisationId, program, [asked.agreementId], new Date())
    const { additionId, ...where } = asked
    const detail = { ...where, before: before ? { billed: before.billed } : {}, after: { billed } }
    await audit(tx, organisationId, { actor, action: 'answer-billed', subject: `${additionId}`, detail })
  })
}

/** Takes back what was said, so that it is asked again where a month that is due looks at these days. Throws `not-found`. */
export async function takeBilledBack({ ctx, input }: { ctx: AnswerContext; input: Asked }): Promise<void> {
  const { db, organisationId, program, actor } = ctx
  const { additionId, ...where } = input
  await tenantsOf(ctx, input.agreementId)
  await db.transaction(async (tx) => {
    const before = await deleteBilledAnswer(tx, organisationId, input)
    if (before === null)
      throw new ProductError(
        'not-found',
        `Nothing was said of addition ${additionId} on the invoice until ${shortDay(input.through)}.`,
      )
    await bringSyncs(tx, organisationId, program, [input.agreementId], new Date())
    const detail = { ...where, before: { billed: before.billed }, after: {} }
    await audit(tx, organisationId, { actor, action: 'take-billed-back', subject: `${additionId}`, detail })
  })
}

const isOf = (one: Omit<Asked, 'agreementId'>, other: Omit<Asked, 'agreementId'>): boolean =>
  one.additionId === other.additionId && one.through === other.through

const doubtOf = async (
  { db, organisationId }: AnswerContext,
  { agreementId, additionId, through }: Asked,
): Promise<BilledDoubt | undefined> =>
  invoicesBetween(await readingsOf(db, organisationId, agreementId, ALL))
    .filter((invoice) => invoice.through === through)
    .flatMap(({ doubts = [] }) => doubts)
    .find((doubt) => doubt.additionId === additionId)

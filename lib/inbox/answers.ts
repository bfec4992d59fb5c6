/**
 * A person says what an addition is, or takes that back (F5; docs/billing-rules.md, "Each addition"). The
 * next look syncs the agreement with it.
 */
import type { Database } from '#db/client.ts'
import {
  additionAnswersOf,
  deleteAdditionAnswer,
  putAdditionAnswer,
  type StoredAnswer,
} from '#db/mappings/addition-answers.ts'
import { bringSyncs } from '#db/mappings/bring-sync.ts'
import { mappingsOfAgreement } from '#db/mappings/mappings.ts'
import { oneTimeMappingsOfAgreement } from '#db/mappings/one-time.ts'
import { audit } from '#db/people/audit.ts'
import { subscriptionsOfTenants } from '#db/prism/tenants.ts'
import { ProductError } from '#lib/base/errors.ts'
import { shortDay } from '#lib/billing/format.ts'
import { subscriptionKey } from '#lib/billing/keys.ts'
import { invoicedThrough } from '#lib/billing/timeline.ts'
import type { Addition, AdditionAnswer, Day } from '#lib/billing/types.ts'
import type { ConnectWiseClient } from '#lib/connectwise/values.ts'

export interface AnswerContext {
  readonly db: Database
  readonly organisationId: string
  readonly program: string
  readonly actor: string
}

/** Customers of the agreement. Throws `not-found` where none of the organisation's is mapped to it. */
export async function tenantsOf(
  { db, organisationId, program }: Omit<AnswerContext, 'actor'>,
  agreementId: number,
): Promise<string[]> {
  const mappings = [
    ...(await mappingsOfAgreement(db, organisationId, program, agreementId)),
    ...(await oneTimeMappingsOfAgreement(db, organisationId, program, agreementId)),
  ]
  if (mappings.length > 0) return mappings.map(({ tenantId }) => tenantId)
  throw new ProductError('not-found', `No customer is mapped to agreement ${agreementId}.`)
}

/**
 * Notes what the addition is; an earlier answer is replaced. Throws `not-found` where the agreement is not mapped, has no such
 * addition, or its customers no such subscription, and `request-invalid` for an end that ConnectWise has invoiced beyond.
 */
export async function answerAddition({
  ctx,
  input,
}: {
  ctx: AnswerContext & { readonly connectWise: Pick<ConnectWiseClient, 'additions' | 'agreement'> }
  input: { readonly agreementId: number; readonly answer: AdditionAnswer }
}): Promise<void> {
  const { organisationId, program, actor } = ctx
  const { agreementId, answer } = input
  const tenantIds = await tenantsOf(ctx, agreementId)
  if (answer.answer === 'subscription') await mustBeTheirs(ctx, tenantIds, answer.subscriptionId)
  const addition = await additionOf(ctx.connectWise, agreementId, answer.additionId)
  if (answer.answer === 'ends') await mustBeOpen(ctx.connectWise, agreementId, answer.endsOn)
  await ctx.db.transaction((tx) =>
    storeAnswer(tx, { organisationId, program, actor }, { ...input, addition }),
  )
}

type Answering = Omit<AnswerContext, 'db'>

/** Notes what an addition is, in the transaction of all that is answered with it; whether it can be said was found out before. */
export async function storeAnswer(
  tx: Database,
  { organisationId, program, actor }: Answering,
  {
    agreementId,
    answer,
    addition,
  }: { readonly agreementId: number; readonly answer: AdditionAnswer; readonly addition: Addition },
): Promise<void> {
  const said = {
    answer: answer.answer,
    subscriptionId: answer.answer === 'subscription' ? subscriptionKey(answer.subscriptionId) : null,
    endsOn: answer.answer === 'ends' ? answer.endsOn : null,
  }
  const key = { agreementId, additionId: answer.additionId }
  const before = (await additionAnswersOf(tx, organisationId, program, agreementId)).find(
    ({ additionId }) => additionId === answer.additionId,
  )
  await putAdditionAnswer(tx, organisationId, program, key, { ...said, answeredBy: actor })
  await bringSyncs(tx, organisationId, program, [agreementId], new Date())
  const { quantity, unitPrice, serialNumber } = addition
  const detail = {
    agreementId,
    quantity,
    unitPrice,
    serialNumber,
    before: before ? wordsOf(before) : {},
    after: said,
  }
  await audit(tx, organisationId, {
    actor,
    action: 'answer-addition',
    subject: `${answer.additionId}`,
    detail,
  })
}

/** Takes back what was said, so that the sync that follows asks again. Throws `not-found` where nothing was. */
export async function takeAnswerBack({
  ctx,
  input,
}: {
  ctx: AnswerContext
  input: { readonly agreementId: number; readonly additionId: number }
}): Promise<void> {
  await tenantsOf(ctx, input.agreementId)
  await ctx.db.transaction((tx) => forgetAnswer(tx, ctx, input))
}

/** The same in the transaction of all that is taken back with it. Throws `not-found` where nothing was said. */
export async function forgetAnswer(
  tx: Database,
  { organisationId, program, actor }: Answering,
  { agreementId, additionId }: { readonly agreementId: number; readonly additionId: number },
): Promise<void> {
  const before = await deleteAdditionAnswer(tx, organisationId, program, { agreementId, additionId })
  if (before === null)
    throw new ProductError('not-found', `Nothing was said of addition ${additionId} of this agreement.`)
  await bringSyncs(tx, organisationId, program, [agreementId], new Date())
  const detail = { agreementId, before: wordsOf(before), after: {} }
  await audit(tx, organisationId, { actor, action: 'take-answer-back', subject: `${additionId}`, detail })
}

const wordsOf = ({ answer, subscriptionId, endsOn }: StoredAnswer) => ({ answer, subscriptionId, endsOn })

async function mustBeTheirs(
  { db, organisationId, program }: AnswerContext,
  tenantIds: readonly string[],
  subscriptionId: string,
): Promise<void> {
  const theirs = await subscriptionsOfTenants(db, organisationId, program, tenantIds)
  if (theirs.some(({ id }) => subscriptionKey(id) === subscriptionKey(subscriptionId))) return
  throw new ProductError(
    'not-found',
    `The customers of this agreement have no subscription '${subscriptionId}'.`,
  )
}

async function additionOf(
  connectWise: Pick<ConnectWiseClient, 'additions'>,
  agreementId: number,
  additionId: number,
): Promise<Addition> {
  const { additions } = await connectWise.additions(agreementId)
  const found = additions.find(({ id }) => id === additionId)
  if (found) return found
  throw new ProductError('not-found', `The agreement has no addition ${additionId} in ConnectWise.`)
}

/** What is invoiced is never credited, so nothing ends before it. */
async function mustBeOpen(
  connectWise: Pick<ConnectWiseClient, 'agreement'>,
  agreementId: number,
  endsOn: Day,
): Promise<void> {
  const agreement = await connectWise.agreement(agreementId)
  if (agreement === null) throw new ProductError('not-found', `ConnectWise has no agreement ${agreementId}.`)
  const through = invoicedThrough(agreement)
  if (through === null || endsOn >= through) return
  throw new ProductError(
    'request-invalid',
    `ConnectWise has invoiced this agreement until ${shortDay(through)}: choose that day or a later one.`,
  )
}

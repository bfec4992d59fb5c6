/**
 * What the reviews of many customers ask, and one answer for those with the same question (J8): stored for each as if it was given
 * by itself, all of it or nothing.
 */
import { createHash } from 'node:crypto'
import type {
  Cutover,
  CutoverAnswerInput,
  CutoverOfAgreement,
  CutoverTakeBack,
  ShownQuestion,
} from '#app/api/schemas/cutover.ts'
import { refuse } from '#app/http/api-route.ts'
import type { Database } from '#db/client.ts'
import { additionAnswersOf } from '#db/mappings/addition-answers.ts'
import { type Mapping, mappingsOfTenants } from '#db/mappings/mappings.ts'
import { audit } from '#db/people/audit.ts'
import { tenantsByIds } from '#db/prism/tenants.ts'
import { inSnapshot } from '#db/snapshot.ts'
import type { Principal } from '#lib/auth/actions.ts'
import { ProductError } from '#lib/base/errors.ts'
import type { CutoverAnswer, CutoverQuestion } from '#lib/billing/cutover-question-types.ts'
import { cutoverQuestions } from '#lib/billing/cutover-questions.ts'
import { cutoverReview, isCutover } from '#lib/billing/cutover-review.ts'
import type { CutoverReview } from '#lib/billing/cutover-types.ts'
import { shortDay } from '#lib/billing/format.ts'
import type { AdditionAnswer, Day, FirstSync, Situation } from '#lib/billing/types.ts'
import { forgetAnswer, storeAnswer } from '#lib/inbox/answers.ts'
import type { Program } from '#lib/programs/registry.ts'
import { chooseFirstBegin } from '#lib/sync/begin.ts'
import type { SyncContext } from '#lib/sync/context.ts'
import { previewAgreement } from '#lib/sync/run.ts'
import { currencyOf } from './clients.ts'
import { server } from './process.ts'
import { syncContextOf } from './worker.ts'

/** Agreements that are read in ConnectWise at a time. */
const AT_A_TIME = 4

interface ReadAgreement {
  readonly agreementId: number
  readonly mappings: readonly Mapping[]
  readonly problem: string | null
  readonly situation: Situation | null
  /** `null`: there is nothing to plan, or it was synced before. */
  readonly review: CutoverReview | null
  readonly questions: readonly ShownQuestion[]
}

/** Reads each agreement of the customers as if they synced. Throws `not-mapped`. */
export async function cutoverOf(
  { organisationId, actor }: Principal,
  program: Program,
  tenantIds: readonly string[],
): Promise<Cutover> {
  const mappings = await mappedOf(server().db, organisationId, program, tenantIds)
  const ctx = await syncContextOf(organisationId, program.slug, actor)
  const groups = [...Map.groupBy(mappings, ({ agreementId }) => agreementId).values()]
  const read = await inTurns(groups, (group) => readAgreement(ctx, group))
  const tenants = await tenantsByIds(server().db, organisationId, program.slug, [...tenantIds])
  const names = new Map(tenants.map(({ id, name }) => [id, name]))
  return {
    currency: await currencyOf(organisationId),
    agreements: read.map((each) => shown(each, (id) => names.get(id) ?? id)),
  }
}

const shown = (
  { agreementId, mappings, problem, review, questions }: ReadAgreement,
  nameOf: (tenantId: string) => string,
): CutoverOfAgreement => ({
  agreementId,
  agreementName: mappings[0]?.agreementName ?? '',
  companyName: mappings[0]?.companyName ?? '',
  customers: mappings.map(({ tenantId, syncEnabled }) => ({
    tenantId,
    name: nameOf(tenantId),
    syncEnabled,
  })),
  problem,
  summary: review === null ? null : summaryOf(review),
  questions: [...questions],
})

function summaryOf({ period, totals, bills, apart, additions, subscriptions }: CutoverReview) {
  const count = (...fates: readonly CutoverReview['additions'][number]['fate'][]): number =>
    additions.filter(({ fate }) => fates.includes(fate)).length
  return {
    period,
    invoiced: totals.invoiced,
    bills: { before: bills.before.price, after: bills.after.price },
    apart: apart.price,
    adopted: count('adopted', 'ours'),
    replaced: count('replaced'),
    ended: count('ended'),
    left: count('left', 'other-product'),
    open: count('blocked', 'asked') + subscriptions.filter(({ state }) => state === 'waits').length,
    created: subscriptions.reduce((sum, { creates }) => sum + creates, 0),
  }
}

async function mappedOf(
  db: Database,
  organisationId: string,
  { slug }: Program,
  tenantIds: readonly string[],
): Promise<Mapping[]> {
  const ids = [...new Set(tenantIds)]
  const mappings = await mappingsOfTenants(db, organisationId, slug, ids)
  if (mappings.length === ids.length) return mappings
  throw refuse('not-mapped', 'One of the customers is not mapped to an agreement.')
}

/** What cannot be read of one is said of it, and the others are read. */
async function readAgreement(ctx: SyncContext, mappings: readonly Mapping[]): Promise<ReadAgreement> {
  const agreementId = mappings[0]?.agreementId ?? 0
  const nothing = { agreementId, mappings, situation: null, review: null, questions: [] }
  try {
    const asIfSyncing = mappings.map(({ tenantId }) => tenantId)
    const { situation, plan } = await previewAgreement({ ctx, input: { agreementId, asIfSyncing } })
    const review = isCutover(situation) ? cutoverReview(situation, plan) : null
    const questions = review === null ? [] : cutoverQuestions(situation, review)
    return {
      ...nothing,
      problem: null,
      situation,
      review,
      questions: questions.map((each) => ({ ...each, seen: seenOf(situation, each) })),
    }
  } catch (error) {
    if (error instanceof ProductError) return { ...nothing, problem: error.detail }
    throw error
  }
}

/** Everything that decides a question: the invoices, the addition, and why it is asked; what its answers come to follows from more. */
function seenOf({ usages, additions }: Situation, { answers, ...question }: CutoverQuestion): string {
  const about = additions.find(({ id }) => id === question.additionId)
  const offered = answers.map(({ answer }) => answer)
  const decisive = [usages.map(({ invoiceId }) => invoiceId), about, offered, question]
  return createHash('sha256').update(JSON.stringify(decisive)).digest('hex')
}

async function inTurns<T, R>(values: readonly T[], work: (value: T) => Promise<R>): Promise<R[]> {
  const found: R[] = []
  for (let at = 0; at < values.length; at += AT_A_TIME)
    found.push(...(await Promise.all(values.slice(at, at + AT_A_TIME).map(work))))
  return found
}

type Named = CutoverTakeBack['questions'][number]

const isOf =
  ({ additionId, tenantId }: Named) =>
  (question: ShownQuestion): boolean =>
    question.additionId === (additionId ?? null) && question.tenantId === (tenantId ?? null)

/**
 * Answers all of the questions, where each is still as it was shown. Throws `not-mapped`; `conflict` with the customers of which
 * the question is another one, so that nothing is answered; and `request-invalid` for an answer that one does not take.
 */
export async function answerQuestions(
  principal: Principal,
  program: Program,
  { answer, endsOn, questions }: CutoverAnswerInput,
): Promise<{ answered: number }> {
  const { organisationId, actor } = principal
  const { db } = server()
  const mappings = await mappedOf(
    db,
    organisationId,
    program,
    questions.flatMap(({ tenantIds }) => tenantIds),
  )
  const ctx = await syncContextOf(organisationId, program.slug, actor)
  const byAgreement = [...Map.groupBy(questions, ({ agreementId }) => agreementId)]
  const changed = new Set<string>()
  const read = await inTurns(byAgreement, async ([agreementId, asked]) => {
    const ids = new Set(asked.flatMap(({ tenantIds }) => tenantIds))
    const own = mappings.filter(({ tenantId }) => ids.has(tenantId))
    const isThere = own.every((each) => each.agreementId === agreementId)
    const now = isThere ? await readAgreement(ctx, own) : null
    const found = asked.map((each) => now?.questions.find(isOf(each)))
    if (asked.some(({ seen }, at) => found[at]?.seen !== seen)) for (const id of ids) changed.add(id)
    return { now, found: found.flatMap((each) => each ?? []) }
  })
  if (changed.size > 0) throw await changedSince(organisationId, program, [...changed])
  for (const { found } of read) for (const each of found) mustTake(each, answer, endsOn)
  const storing = { organisationId, program: program.slug, actor }
  await inSnapshot(db, async (tx) => {
    for (const { now, found } of read) {
      if (now === null) continue
      await mustBeUnanswered(tx, storing, now)
      for (const each of found) await store(tx, storing, now, each, answer, endsOn)
    }
    const detail = { answer, endsOn: endsOn ?? null, questions: questions.length }
    await audit(tx, organisationId, { actor, action: 'answer-many', subject: program.slug, detail })
  })
  return { answered: questions.length }
}

async function changedSince(
  organisationId: string,
  { slug }: Program,
  tenantIds: readonly string[],
): Promise<ProductError> {
  const tenants = await tenantsByIds(server().db, organisationId, slug, [...tenantIds])
  const names = tenants.map(({ name }) => name).sort()
  const shownNames =
    names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ')
  return refuse(
    'conflict',
    `What is asked has changed since it was shown, of ${shownNames}. Nothing was answered; look again.`,
  )
}

function mustTake(question: ShownQuestion, answer: CutoverAnswer, endsOn: Day | undefined): void {
  if (!question.answers.some((each) => each.answer === answer))
    throw new ProductError(
      'request-invalid',
      `${question.product}: this question does not take that answer for many at once.`,
    )
  if (answer !== 'ends' || endsOn === undefined || endsOn >= question.endsFrom) return
  throw new ProductError(
    'request-invalid',
    `Addition ${question.additionId} cannot end before ${shortDay(question.endsFrom)}: choose that day or a later one.`,
  )
}

type Storing = Parameters<typeof storeAnswer>[1]

/** Nobody has answered, or changed how a customer begins, between the reading and this transaction. */
async function mustBeUnanswered(
  tx: Database,
  { organisationId, program }: Storing,
  { agreementId, mappings, situation }: ReadAgreement,
): Promise<void> {
  const stored = await additionAnswersOf(tx, organisationId, program, agreementId)
  const known = new Map((situation?.answers ?? []).map((each) => [each.additionId, each.answer]))
  const tenantIds = mappings.map(({ tenantId }) => tenantId)
  const now = await mappingsOfTenants(tx, organisationId, program, tenantIds)
  const isSame = (before: Mapping): boolean =>
    now.some(
      (each) =>
        each.tenantId === before.tenantId &&
        each.agreementId === before.agreementId &&
        each.begin === before.begin,
    )
  const isUnanswered = stored.every(({ additionId, answer }) => known.get(additionId) === answer)
  if (isUnanswered && mappings.every(isSame)) return
  throw refuse(
    'conflict',
    'Somebody answered for one of the customers at this moment. Nothing was answered; look again.',
  )
}

async function store(
  tx: Database,
  ctx: Storing,
  { agreementId, situation }: ReadAgreement,
  { additionId, tenantId, subscriptionId }: ShownQuestion,
  answer: CutoverAnswer,
  endsOn: Day | undefined,
): Promise<void> {
  if (tenantId !== null) {
    await chooseFirstBegin(tx, ctx, { tenantId, begin: answer as FirstSync })
    return
  }
  const addition = situation?.additions.find(({ id }) => id === additionId)
  if (addition === undefined || additionId === null)
    throw new Error('A question is about an addition or a customer')
  const said = additionAnswer(additionId, answer, subscriptionId, endsOn)
  await storeAnswer(tx, ctx, { agreementId, answer: said, addition })
}

function additionAnswer(
  additionId: number,
  answer: CutoverAnswer,
  subscriptionId: string,
  endsOn: Day | undefined,
): AdditionAnswer {
  switch (answer) {
    case 'subscription':
      return { additionId, answer, subscriptionId }
    case 'nobody':
    case 'stays':
      return { additionId, answer }
    case 'ends':
      if (endsOn === undefined) throw new Error('An end without its day passed its schema')
      return { additionId, answer, endsOn }
    default:
      throw new Error(`${answer} says nothing of an addition`)
  }
}

/**
 * Takes an answer for many back, so that each is asked again. Throws `not-mapped`, and `conflict` where one was answered otherwise
 * since, or a sync has begun with it: then nothing is taken back.
 */
export async function takeAnswersBack(
  { organisationId, actor }: Principal,
  program: Program,
  { answer, endsOn, questions }: CutoverTakeBack,
): Promise<{ answered: number }> {
  const { db } = server()
  const mappings = await mappedOf(
    db,
    organisationId,
    program,
    questions.flatMap(({ tenantIds }) => tenantIds),
  )
  const ctx = { organisationId, program: program.slug, actor }
  const otherwise = () =>
    refuse('conflict', 'One of them was answered otherwise since. Nothing was taken back; look again.')
  await inSnapshot(db, async (tx) => {
    for (const { agreementId, tenantIds, additionId, tenantId } of questions) {
      const own = mappings.filter((each) => tenantIds.includes(each.tenantId))
      if (own.some((each) => each.agreementId !== agreementId)) throw otherwise()
      if (tenantId !== undefined) {
        if (own.find((each) => each.tenantId === tenantId)?.begin !== answer) throw otherwise()
        await chooseFirstBegin(tx, ctx, { tenantId, begin: null })
      }
      if (additionId === undefined) continue
      const stored = await additionAnswersOf(tx, organisationId, program.slug, agreementId)
      const said = stored.find((each) => each.additionId === additionId)
      if (said?.answer !== answer || said.endsOn !== (answer === 'ends' ? (endsOn ?? null) : null))
        throw otherwise()
      await forgetAnswer(tx, ctx, { agreementId, additionId })
    }
    const detail = { answer, endsOn: endsOn ?? null, questions: questions.length }
    await audit(tx, organisationId, { actor, action: 'take-answers-back', subject: program.slug, detail })
  })
  return { answered: questions.length }
}

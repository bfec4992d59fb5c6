/**
 * What people said of additions (F5; docs/billing-rules.md, "Each addition"). It belongs to agreement and
 * addition, and outlives mappings.
 */
import { and, asc, eq } from 'drizzle-orm'
import type { Database } from '../client.ts'
import { additionAnswers } from './tables.ts'

export type StoredAnswer = typeof additionAnswers.$inferSelect
export type NewAnswer = Pick<StoredAnswer, 'answer' | 'subscriptionId' | 'endsOn' | 'answeredBy'>

const ofAgreement = (organisationId: string, program: string, agreementId: number) =>
  and(
    eq(additionAnswers.organisationId, organisationId),
    eq(additionAnswers.program, program),
    eq(additionAnswers.agreementId, agreementId),
  )

/** Of an agreement, by addition. */
export const additionAnswersOf = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementId: number,
): Promise<StoredAnswer[]> =>
  db
    .select()
    .from(additionAnswers)
    .where(ofAgreement(organisationId, program, agreementId))
    .orderBy(asc(additionAnswers.additionId))

/** Notes an answer; one that was given before is replaced. */
export const putAdditionAnswer = async (
  db: Database,
  organisationId: string,
  program: string,
  { agreementId, additionId }: Pick<StoredAnswer, 'agreementId' | 'additionId'>,
  answer: NewAnswer,
): Promise<void> => {
  await db
    .insert(additionAnswers)
    .values({ ...answer, organisationId, program, agreementId, additionId })
    .onConflictDoUpdate({
      target: [
        additionAnswers.organisationId,
        additionAnswers.program,
        additionAnswers.agreementId,
        additionAnswers.additionId,
      ],
      set: { ...answer, answeredAt: new Date() },
    })
}

/** Takes an answer back, and says what it was; `null` where there is none. */
export const deleteAdditionAnswer = async (
  db: Database,
  organisationId: string,
  program: string,
  { agreementId, additionId }: Pick<StoredAnswer, 'agreementId' | 'additionId'>,
): Promise<StoredAnswer | null> => {
  const [row] = await db
    .delete(additionAnswers)
    .where(and(ofAgreement(organisationId, program, agreementId), eq(additionAnswers.additionId, additionId)))
    .returning()
  return row ?? null
}

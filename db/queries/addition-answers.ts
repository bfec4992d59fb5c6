/** What people said of additions: whose each is, or that it is nobody's, or stays (F5). It outlives mappings. */
import { and, eq } from 'drizzle-orm'
import type { AdditionAnswer } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { additionAnswers } from '../schema.ts'

const ofAgreement = (organisationId: string, agreementId: number) =>
  and(eq(additionAnswers.organisationId, organisationId), eq(additionAnswers.agreementId, agreementId))

export const additionAnswersOf = async (
  db: Database,
  organisationId: string,
  agreementId: number,
): Promise<AdditionAnswer[]> => {
  const rows = await db
    .select({ answer: additionAnswers.answer })
    .from(additionAnswers)
    .where(ofAgreement(organisationId, agreementId))
    .orderBy(additionAnswers.additionId)
  return rows.map(({ answer }) => answer)
}

/** Replaces what was said of the addition before. */
export const putAdditionAnswer = async (
  db: Database,
  organisationId: string,
  agreementId: number,
  answer: AdditionAnswer,
  by: string,
): Promise<void> => {
  const said = { answer, by, at: new Date() }
  await db
    .insert(additionAnswers)
    .values({ organisationId, agreementId, additionId: answer.additionId, ...said })
    .onConflictDoUpdate({
      target: [additionAnswers.organisationId, additionAnswers.agreementId, additionAnswers.additionId],
      set: said,
    })
}

/** False where nothing was said of it. */
export const deleteAdditionAnswer = async (
  db: Database,
  organisationId: string,
  agreementId: number,
  additionId: number,
): Promise<boolean> => {
  const deleted = await db
    .delete(additionAnswers)
    .where(and(ofAgreement(organisationId, agreementId), eq(additionAnswers.additionId, additionId)))
    .returning({ id: additionAnswers.additionId })
  return deleted.length > 0
}

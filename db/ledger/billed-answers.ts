/**
 * What people said that an invoice of ConnectWise's billed, where nothing tells (docs/billing-rules.md,
 * "Days billed").
 */
import { and, asc, eq } from 'drizzle-orm'
import type { Database } from '../client.ts'
import { billedAnswers } from '../schema.ts'

export type StoredBilledAnswer = Omit<typeof billedAnswers.$inferSelect, 'organisationId'>
type Key = Pick<StoredBilledAnswer, 'agreementId' | 'additionId' | 'through'>

const ofOne = (organisationId: string, { agreementId, additionId, through }: Key) =>
  and(
    eq(billedAnswers.organisationId, organisationId),
    eq(billedAnswers.agreementId, agreementId),
    eq(billedAnswers.additionId, additionId),
    eq(billedAnswers.through, through),
  )

/** Of an agreement, by invoice and addition. */
export const billedAnswersOf = async (
  db: Database,
  organisationId: string,
  agreementId: number,
): Promise<StoredBilledAnswer[]> =>
  db
    .select()
    .from(billedAnswers)
    .where(and(eq(billedAnswers.organisationId, organisationId), eq(billedAnswers.agreementId, agreementId)))
    .orderBy(asc(billedAnswers.through), asc(billedAnswers.additionId))

/** Notes an answer; one about the same invoice and addition before is replaced. */
export const putBilledAnswer = async (
  db: Database,
  organisationId: string,
  answer: Omit<StoredBilledAnswer, 'answeredAt'>,
): Promise<void> => {
  const { readingId, billed, answeredBy } = answer
  await db
    .insert(billedAnswers)
    .values({ ...answer, organisationId })
    .onConflictDoUpdate({
      target: [
        billedAnswers.organisationId,
        billedAnswers.agreementId,
        billedAnswers.additionId,
        billedAnswers.through,
      ],
      set: { readingId, billed, answeredBy, answeredAt: new Date() },
    })
}

/** Takes an answer back, and says what it was; `null` where there is none. */
export const deleteBilledAnswer = async (
  db: Database,
  organisationId: string,
  key: Key,
): Promise<StoredBilledAnswer | null> => {
  const [row] = await db.delete(billedAnswers).where(ofOne(organisationId, key)).returning()
  return row ?? null
}

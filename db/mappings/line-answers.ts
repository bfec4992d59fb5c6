/** What people said of lines of annual invoices (J9; docs/billing-rules.md, "Annual invoices"): it belongs to agreement and line. */
import { and, asc, eq } from 'drizzle-orm'
import type { LineAnswer } from '#lib/billing/annual/annual-situation.ts'
import { subscriptionKey } from '#lib/billing/keys.ts'
import type { CarriedLine } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { lineAnswers } from './one-time-tables.ts'

export type StoredLineAnswer = typeof lineAnswers.$inferSelect

const ofAgreement = (organisationId: string, program: string, agreementId: number) =>
  and(
    eq(lineAnswers.organisationId, organisationId),
    eq(lineAnswers.program, program),
    eq(lineAnswers.agreementId, agreementId),
  )

const isLine = ({ invoiceId, charge, ordinal, turn }: Omit<CarriedLine, 'subscriptionId'>) =>
  and(
    eq(lineAnswers.invoiceId, invoiceId),
    eq(lineAnswers.charge, charge),
    eq(lineAnswers.ordinal, ordinal),
    eq(lineAnswers.turn, turn),
  )

/** Of an agreement, the oldest first. */
export const lineAnswersOf = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementId: number,
): Promise<StoredLineAnswer[]> =>
  db
    .select()
    .from(lineAnswers)
    .where(ofAgreement(organisationId, program, agreementId))
    .orderBy(asc(lineAnswers.answeredAt), asc(lineAnswers.invoiceId), asc(lineAnswers.charge))

/** As a plan takes it. */
export const lineAnswerOf = ({
  invoiceId,
  charge,
  ordinal,
  turn,
  subscriptionId,
  says,
}: StoredLineAnswer): LineAnswer => ({
  line: { invoiceId, charge, ordinal, turn, subscriptionId },
  says,
})

/** Notes an answer; one that was given before is replaced. */
export const putLineAnswer = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementId: number,
  { line, says, by }: LineAnswer & { readonly by: string },
): Promise<void> => {
  const { invoiceId, charge, ordinal, turn } = line
  const subscriptionId = subscriptionKey(line.subscriptionId)
  const set = { subscriptionId, says, answeredBy: by, answeredAt: new Date() }
  await db
    .insert(lineAnswers)
    .values({ organisationId, program, agreementId, invoiceId, charge, ordinal, turn, ...set })
    .onConflictDoUpdate({
      target: [
        lineAnswers.organisationId,
        lineAnswers.program,
        lineAnswers.agreementId,
        lineAnswers.invoiceId,
        lineAnswers.charge,
        lineAnswers.ordinal,
        lineAnswers.turn,
      ],
      set,
    })
}

/** Takes an answer back, and says what it was; `null` where there is none. */
export const deleteLineAnswer = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementId: number,
  line: Omit<CarriedLine, 'subscriptionId'>,
): Promise<StoredLineAnswer | null> => {
  const [row] = await db
    .delete(lineAnswers)
    .where(and(ofAgreement(organisationId, program, agreementId), isLine(line)))
    .returning()
  return row ?? null
}

/**
 * A person says whether a line of an annual invoice is billed here, with its next addition, or takes that back (J9;
 * docs/billing-rules.md, "Annual invoices"). The next look syncs the agreement with it.
 */
import { ownedAdditions } from '#db/ledger/changes.ts'
import { bringSyncs } from '#db/mappings/bring-sync.ts'
import {
  deleteLineAnswer,
  lineAnswerOf,
  lineAnswersOf,
  putLineAnswer,
  type StoredLineAnswer,
} from '#db/mappings/line-answers.ts'
import { askedLines } from '#db/mappings/waiting.ts'
import { audit } from '#db/people/audit.ts'
import { ProductError } from '#lib/base/errors.ts'
import { identityKey } from '#lib/billing/annual/line-identity.ts'
import type { CarriedLine } from '#lib/billing/types.ts'
import { type AnswerContext, tenantsOf } from './answers.ts'
import { lineIdOf } from './line-id.ts'

export interface LineInput {
  readonly agreementId: number
  /** As `lineIdOf` gives it. */
  readonly lineId: string
  /** `null` takes back what was said, so that the next sync asks again. */
  readonly says: 'carry' | 'leave' | null
}

/**
 * Notes it; an earlier answer is replaced. Throws `not-found` where the agreement is not mapped, or nothing of the kind was asked or
 * said, and `conflict` where it was written already.
 */
export async function answerLine({ ctx, input }: { ctx: AnswerContext; input: LineInput }): Promise<void> {
  const { db, organisationId, program, actor } = ctx
  const { agreementId, lineId, says } = input
  await tenantsOf(ctx, agreementId)
  await db.transaction(async (tx) => {
    const isIt = (line: CarriedLine): boolean => lineIdOf({ organisationId, agreementId }, line) === lineId
    const answers = await lineAnswersOf(tx, organisationId, program, agreementId)
    const said = answers.find((each) => isIt(lineAnswerOf(each).line))
    const asked = (await askedLines(tx, organisationId, program, agreementId)).find((each) => isIt(each.line))
    const line = said === undefined ? asked?.line : lineAnswerOf(said).line
    if (line === undefined || (said === undefined && says === null))
      throw new ProductError('not-found', notAsked(says))
    await mustBeOpen({ ...ctx, db: tx }, agreementId, line)
    if (says === null) await deleteLineAnswer(tx, organisationId, program, agreementId, line)
    else await putLineAnswer(tx, organisationId, program, agreementId, { line, says, by: actor })
    await bringSyncs(tx, organisationId, program, [agreementId], new Date())
    const { subscriptionId, ...of } = line
    const detail = { agreementId, ...of, before: wordsOf(said), after: says === null ? {} : { says } }
    const action = says === null ? 'take-line-back' : 'answer-line'
    await audit(tx, organisationId, { actor, action, subject: subscriptionId, detail })
  })
}

const notAsked = (says: string | null): string =>
  says === null
    ? 'Nothing was said of this line.'
    : 'Nothing is asked of this line of the annual invoice. Sync the agreement, and look again.'

const wordsOf = (said: StoredLineAnswer | undefined) => (said === undefined ? {} : { says: said.says })

/** What its addition was written by is done. */
const mustBeOpen = async (
  { db, organisationId, program }: AnswerContext,
  agreementId: number,
  line: CarriedLine,
): Promise<void> => {
  const owned = await ownedAdditions(db, organisationId, program, agreementId)
  const isWritten = owned.some(
    ({ carries }) =>
      carries !== undefined && identityKey(carries) === identityKey(line) && carries.turn >= line.turn,
  )
  if (isWritten)
    throw new ProductError(
      'conflict',
      'An addition was written by this answer already. Undo the sync that wrote it.',
    )
}

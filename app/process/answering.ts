import { type AnswerInput, answerFrom } from '#app/api/schemas/answers.ts'
import type { Reply } from '#app/contracts/table.ts'
import { whatFollows } from '#db/mappings/bring-sync.ts'
import type { Principal } from '#lib/auth/actions.ts'
import { subscriptionKey } from '#lib/billing/keys.ts'
import { answerAddition, tenantsOf } from '#lib/inbox/answers.ts'
import type { Program } from '#lib/programs/registry.ts'
import { connectWiseOf } from './clients.ts'
import { server } from './process.ts'

interface Place {
  readonly program: Program
  readonly agreementId: number
  readonly additionId: number
}

/** Says what an addition is (F5). Throws what `answerAddition` throws. */
export async function sayOfAddition(
  { organisationId, actor }: Principal,
  { program: { slug: program }, agreementId, additionId }: Place,
  said: AnswerInput,
): Promise<Reply<'PUT /api/programs/{program}/agreements/{agreementId}/additions/{additionId}/answer'>> {
  const answer = answerFrom(additionId, said)
  const { db } = server()
  // Before ConnectWise is opened for an agreement that is nobody's here.
  await tenantsOf({ db, organisationId, program }, agreementId)
  const { client: connectWise } = await connectWiseOf(organisationId)
  const ctx = { db, organisationId, program, actor, connectWise }
  await answerAddition({ ctx, input: { agreementId, answer } })
  return {
    additionId,
    answer: answer.answer,
    subscriptionId: answer.answer === 'subscription' ? subscriptionKey(answer.subscriptionId) : null,
    endsOn: answer.answer === 'ends' ? answer.endsOn : null,
    follows: await whatFollows(db, organisationId, program, agreementId),
  }
}

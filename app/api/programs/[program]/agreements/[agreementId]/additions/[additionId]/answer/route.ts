import { authorise, bodyOf, idOf, nothing, programOf, reply, route } from '#app/http/route.ts'
import { connectWiseOf } from '#app/process/clients.ts'
import { server } from '#app/process/process.ts'
import { answerAddition, takeAnswerBack, tenantsOf } from '#lib/setup/answers.ts'
import { answeredSchema, answerFrom, answerInputSchema } from '../../../../../../../schemas/answers.ts'

interface Params {
  readonly program: string
  readonly agreementId: string
  readonly additionId: string
}

/** Says what an addition is (F5); the next sync uses it. */
export const PUT = route<Params>(async (request, params) => {
  const program = programOf(params.program).slug
  const agreementId = idOf(params.agreementId)
  const additionId = idOf(params.additionId)
  const { organisationId, actor } = await authorise(request, 'customers.sync')
  const answer = answerFrom(additionId, await bodyOf(request, answerInputSchema))
  const { db } = server()
  await tenantsOf({ db, organisationId, program }, agreementId)
  const { client: connectWise } = await connectWiseOf(organisationId)
  const ctx = { db, organisationId, program, actor, connectWise }
  await answerAddition({ ctx, input: { agreementId, answer } })
  return reply(answeredSchema, {
    additionId,
    answer: answer.answer,
    subscriptionId: answer.answer === 'subscription' ? answer.subscriptionId.toLowerCase() : null,
    endsOn: answer.answer === 'ends' ? answer.endsOn : null,
  })
})

/** Takes it back: the next sync asks again. */
export const DELETE = route<Params>(async (request, params) => {
  const program = programOf(params.program).slug
  const agreementId = idOf(params.agreementId)
  const additionId = idOf(params.additionId)
  const { organisationId, actor } = await authorise(request, 'customers.sync')
  const ctx = { db: server().db, organisationId, program, actor }
  await takeAnswerBack({ ctx, input: { agreementId, additionId } })
  return nothing()
})

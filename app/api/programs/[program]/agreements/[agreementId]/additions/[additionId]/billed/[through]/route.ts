import { authorise, bodyOf, dayOf, idOf, nothing, programOf, reply, route } from '#app/http/route.ts'
import { server } from '#app/process/process.ts'
import { answerBilled, takeBilledBack } from '#lib/inbox/billed-answers.ts'
import { billedInputSchema, billedSchema } from '../../../../../../../../schemas/answers.ts'

interface Params {
  readonly program: string
  readonly agreementId: string
  readonly additionId: string
  readonly through: string
}

const askedOf = ({ agreementId, additionId, through }: Params) => ({
  agreementId: idOf(agreementId),
  additionId: idOf(additionId),
  through: dayOf(through),
})

/** Says what ConnectWise's invoice until a day billed of an addition, where that is not known; the next sync uses it. */
export const PUT = route<Params>(async (request, params) => {
  const program = programOf(params.program).slug
  const asked = askedOf(params)
  const { organisationId, actor } = await authorise(request, 'customers.sync')
  const { billed } = await bodyOf(request, billedInputSchema)
  const ctx = { db: server().db, organisationId, program, actor }
  await answerBilled({ ctx, input: { ...asked, billed } })
  const { additionId, through } = asked
  return reply(billedSchema, { additionId, through, billed })
})

/** Takes it back. */
export const DELETE = route<Params>(async (request, params) => {
  const program = programOf(params.program).slug
  const asked = askedOf(params)
  const { organisationId, actor } = await authorise(request, 'customers.sync')
  await takeBilledBack({ ctx: { db: server().db, organisationId, program, actor }, input: asked })
  return nothing()
})

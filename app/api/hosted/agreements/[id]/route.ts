import { authorise, idOf, reply, route } from '#app/http/route.ts'
import { lookAgainAfterwards } from '#app/process/worker.ts'
import { agreementContent } from '#app/views/agreement-content.ts'
import { podContentSchema } from '../../../schemas/pod.ts'

/** What the agreement pod shows. */
export const GET = route<{ id: string }>(async (request, params) => {
  const agreementId = idOf(params.id)
  const principal = await authorise(request, 'pods.read')
  const content = await agreementContent(principal, agreementId)
  if (content.state === 'mapped' && content.result?.status === 'Error')
    lookAgainAfterwards(principal.organisationId, content.program.slug, agreementId)
  return reply(podContentSchema, content)
})

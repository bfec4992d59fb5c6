import { server } from '#app/server/process.ts'
import { authorise, bodyOf, reply, route } from '#app/server/route.ts'
import { audit } from '#db/queries/audit.ts'
import { setMembersMaySync } from '#db/queries/organisations.ts'
import { organisationOptionsSchema } from '../schemas/session.ts'

/** Whether verified ConnectWise members may map and sync from a pod. */
export const PUT = route(async (request) => {
  const { organisationId, actor } = await authorise(request, 'organisation.write')
  const options = await bodyOf(request, organisationOptionsSchema)
  await server().db.transaction(async (tx) => {
    await setMembersMaySync(tx, organisationId, options.membersMaySync)
    await audit(tx, organisationId, {
      actor,
      action: 'change-organisation',
      subject: 'organisation',
      detail: options,
    })
  })
  return reply(organisationOptionsSchema, options)
})

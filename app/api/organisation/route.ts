import { authorise, bodyOf, reply, route } from '#app/http/route.ts'
import { server } from '#app/process/process.ts'
import { changeOrganisation, organisation } from '#db/directory/organisations.ts'
import { audit } from '#db/people/audit.ts'
import { organisationInputSchema, organisationOptionsSchema } from '../schemas/session.ts'

/** The organisation's name, and whether verified ConnectWise members may map and sync from a pod. */
export const PUT = route(async (request) => {
  const { organisationId, actor } = await authorise(request, 'organisation.write')
  const { name, membersMaySync } = await bodyOf(request, organisationInputSchema)
  const change = {
    ...(name === undefined ? {} : { name }),
    ...(membersMaySync === undefined ? {} : { membersMaySync }),
  }
  const options = await server().db.transaction(async (tx) => {
    const before = await organisation(tx, organisationId)
    if (before === null) throw new Error('A principal belongs to an organisation that is not there')
    const shown = (from: typeof before) => ({ name: from.name, membersMaySync: from.membersMaySync })
    const after = { ...shown(before), ...change }
    if (Object.keys(change).length > 0) await changeOrganisation(tx, organisationId, change)
    await audit(tx, organisationId, {
      actor,
      action: 'change-organisation',
      subject: 'organisation',
      detail: { before: shown(before), after },
    })
    return after
  })
  return reply(organisationOptionsSchema, options)
})

import { authorise, reply, route } from '#app/http/route.ts'
import { connectWiseOf } from '#app/process/clients.ts'
import { server } from '#app/process/process.ts'
import { organisation } from '#db/directory/organisations.ts'
import { audit } from '#db/people/audit.ts'
import { installPods } from '#lib/setup/install-pods.ts'
import { installedPodsSchema } from '../../schemas/pod.ts'

/** Installs our pods in ConnectWise, or repairs them (H5). */
export const POST = route(async (request) => {
  const { organisationId, actor } = await authorise(request, 'pods.install')
  const { db, env } = server()
  const found = await organisation(db, organisationId)
  if (found === null) throw new Error('A principal belongs to an organisation that is not there')
  const { client: connectWise } = await connectWiseOf(organisationId)
  const pods = await installPods({ ctx: { connectWise, appUrl: env.appUrl, publicId: found.publicId } })
  await audit(db, organisationId, { actor, action: 'install-pods', subject: 'ConnectWise', detail: { pods } })
  return reply(installedPodsSchema, { pods })
})

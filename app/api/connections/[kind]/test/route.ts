import { connectWiseOf, prismOf } from '#app/server/clients.ts'
import { server } from '#app/server/process.ts'
import { authorise, refuse, reply, route } from '#app/server/route.ts'
import { shownConnection } from '#app/server/shown-connection.ts'
import { connection } from '#db/queries/connections.ts'
import { testConnection } from '#lib/setup/connect.ts'
import { connectionKindSchema, connectionSchema } from '../../../schemas/connections.ts'

export const POST = route<{ kind: string }>(async (request, params) => {
  const kind = connectionKindSchema.safeParse(params.kind).data
  if (kind === undefined) throw refuse('not-found', 'There are two connections: prism and connectwise.')
  const principal = await authorise(request, 'connections.write')
  const { organisationId } = principal
  const attempt = await attemptOf(kind, organisationId)
  await testConnection({ ctx: { ...server(), ...principal }, input: { kind, attempt } })
  return reply(connectionSchema, shownConnection(kind, await connection(server().db, organisationId, kind)))
})

/** Throws where nothing is connected: that is no failed test. */
async function attemptOf(
  kind: 'prism' | 'connectwise',
  organisationId: string,
): Promise<() => Promise<unknown>> {
  if (kind === 'prism') {
    const prism = await prismOf(organisationId)
    return () => prism.me()
  }
  const { client } = await connectWiseOf(organisationId)
  return () => client.test()
}

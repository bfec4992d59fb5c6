import { authorise, refuse, reply, route } from '#app/http/route.ts'
import { connectWiseOf, newPrismOf } from '#app/process/clients.ts'
import { server } from '#app/process/process.ts'
import { shownConnection } from '#app/views/connections.ts'
import { type ConnectionKind, connection } from '#db/connections/connections.ts'
import { testConnection } from '#lib/setup/connect.ts'
import { connectionKindSchema, connectionSchema } from '../../../schemas/connections.ts'

export const POST = route<{ kind: string }>(async (request, params) => {
  const kind = connectionKindSchema.safeParse(params.kind).data
  if (kind === undefined) throw refuse('not-found', 'There are two connections: prism and connectwise.')
  const principal = await authorise(request, 'connections.write')
  const { organisationId } = principal
  const stored = await connection(server().db, organisationId, kind)
  if (stored === null) throw refuse(`${kind}-not-connected`, 'There is nothing to test yet.')
  const attempt = () => attemptOf(kind, organisationId)
  await testConnection({ ctx: { ...server(), ...principal }, input: { kind, attempt } })
  return reply(connectionSchema, shownConnection(kind, await connection(server().db, organisationId, kind)))
})

/** Opening it is part of the test: a secret that cannot be read is one of the ways to fail. */
async function attemptOf(kind: ConnectionKind, organisationId: string): Promise<unknown> {
  if (kind === 'prism') return (await newPrismOf(organisationId)).me()
  return (await connectWiseOf(organisationId)).client.test()
}

import { authorise, reply, route } from '#app/http/route.ts'
import { server } from '#app/process/process.ts'
import { shownConnection } from '#app/views/connections.ts'
import { connectionsOf } from '#db/connections/connections.ts'
import { connectionKindSchema, connectionsSchema } from '../schemas/connections.ts'

export const GET = route(async (request) => {
  const { organisationId } = await authorise(request, 'connections.read')
  const { db, env } = server()
  const stored = await connectionsOf(db, organisationId)
  return reply(connectionsSchema, {
    connections: connectionKindSchema.options.map((kind) =>
      shownConnection(kind, stored.find((each) => each.kind === kind) ?? null),
    ),
    needsConnectWiseClientId: env.connectWiseClientId === null,
  })
})

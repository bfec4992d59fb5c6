import { server } from '#app/server/process.ts'
import { authorise, reply, route } from '#app/server/route.ts'
import { shownConnection } from '#app/server/shown-connection.ts'
import { connectionsOf } from '#db/queries/connections.ts'
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

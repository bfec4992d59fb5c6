import { authorise, bodyOf, nothing, refuse, reply, route } from '#app/http/route.ts'
import { connectWiseClient, prismClient } from '#app/process/clients.ts'
import { preflightAfterConnecting } from '#app/process/preflight.ts'
import { server } from '#app/process/process.ts'
import { shownConnection } from '#app/views/connections.ts'
import { connection } from '#db/connections/connections.ts'
import type { Principal } from '#lib/auth/actions.ts'
import { Secret } from '#lib/base/secrets.ts'
import { discoverCodebase } from '#lib/connectwise/site.ts'
import { connectConnectWise, connectPrism, disconnect } from '#lib/setup/connect.ts'
import {
  connectionKindSchema,
  connectionSchema,
  connectWiseInputSchema,
  prismInputSchema,
} from '../../schemas/connections.ts'

interface Params {
  readonly kind: string
}

function kindOf(text: string) {
  const kind = connectionKindSchema.safeParse(text)
  if (kind.success) return kind.data
  throw refuse('not-found', 'There are two connections: prism and connectwise.')
}

export const PUT = route<Params>(async (request, params) => {
  const kind = kindOf(params.kind)
  const principal = await authorise(request, 'connections.write')
  await (kind === 'prism' ? putPrism(request, principal) : putConnectWise(request, principal))
  return reply(
    connectionSchema,
    shownConnection(kind, await connection(server().db, principal.organisationId, kind)),
  )
})

async function putPrism(request: Request, principal: Principal): Promise<void> {
  const { confirm, ...input } = await bodyOf(request, prismInputSchema)
  await connectPrism({
    ctx: {
      ...server(),
      ...principal,
      tryPrism: ({ clientId, clientSecret }) => prismClient(clientId, clientSecret).me(),
    },
    input: { ...input, clientSecret: new Secret(input.clientSecret), isConfirmed: confirm },
  })
}

async function putConnectWise(request: Request, principal: Principal): Promise<void> {
  const input = await bodyOf(request, connectWiseInputSchema)
  const { guard, env } = server()
  await connectConnectWise({
    ctx: {
      ...server(),
      ...principal,
      discover: ({ site, companyId }) =>
        discoverCodebase({ site, companyId, guard, timeoutMs: env.connectWiseTimeoutMs }),
      tryConnectWise: (settings, privateKey) =>
        connectWiseClient(principal.organisationId, settings, privateKey).test(),
    },
    input: { ...input, privateKey: new Secret(input.privateKey), clientId: input.clientId ?? null },
  })
  preflightAfterConnecting(principal.organisationId)
}

export const DELETE = route<Params>(async (request, params) => {
  const kind = kindOf(params.kind)
  const principal = await authorise(request, 'connections.write')
  await disconnect({ ctx: { ...server(), ...principal }, input: { kind } })
  return nothing()
})

import { authorise, bodyOf, refuse, reply, route } from '#app/http/route.ts'
import { prismClient } from '#app/process/clients.ts'
import { server } from '#app/process/process.ts'
import { shownConnection } from '#app/views/connections.ts'
import { connection } from '#db/connections/connections.ts'
import { readCookie } from '#lib/auth/cookies.ts'
import { readPrismToken, TOKEN_COOKIE } from '#lib/auth/prism-cookies.ts'
import { generateApiClient } from '#lib/prism/api-clients.ts'
import { connectPrism } from '#lib/setup/connect.ts'
import { checkCurrency } from '#lib/setup/currency-change.ts'
import { prismSettingsSchema } from '#lib/setup/stored-connections.ts'
import { connectionSchema, generateInputSchema } from '../../../schemas/connections.ts'

const CLIENT_NAME = 'Prism Pod'

/** Makes an API client in PRISM in the person's name, tries it and keeps it (B2). */
export const POST = route(async (request) => {
  const principal = await authorise(request, 'connections.write')
  const { organisationId } = principal
  const { email, currency: asked, confirm: isConfirmed } = await bodyOf(request, generateInputSchema)
  const currency = asked ?? (await keptCurrency(organisationId))
  const { env, guard, db } = server()
  const sealed = readCookie(request.headers.get('cookie'), TOKEN_COOKIE)
  const accessToken = await readPrismToken(sealed, principal.userId ?? '', env.sessionSecret)
  if (accessToken === null) throw refuse('prism-sign-in-needed', 'You have not signed in with PRISM lately.')
  const settings = { apiUrl: env.prismApiUrl, guard, accessToken }
  // Before PRISM makes a client that nobody would use.
  await checkCurrency(db, organisationId, { currency, isConfirmed })
  const client = await generateApiClient(settings, { name: CLIENT_NAME, email })
  await connectPrism({
    ctx: {
      ...server(),
      ...principal,
      tryPrism: (tried) => prismClient(tried.clientId, tried.clientSecret).me(),
    },
    input: { ...client, currency, isConfirmed },
  })
  return reply(connectionSchema, shownConnection('prism', await connection(db, organisationId, 'prism')))
})

/** A connection has its currency for good; it is asked once (B1). */
async function keptCurrency(organisationId: string): Promise<string> {
  const stored = await connection(server().db, organisationId, 'prism')
  const settings = prismSettingsSchema.safeParse(stored?.settings)
  if (settings.success) return settings.data.currency
  throw refuse('request-invalid', 'Enter the currency too: this is the first connection.')
}

/**
 * API clients that a signed-in person generates (PRISM's "Manage Client Credentials", docs/facts/prism.md,
 * "Authentication"). The real portal has a form for it; its address is not known, so path and names are
 * [inferred].
 */
import type { Incoming } from '../http/incoming.ts'
import { json, noContent, type Reply, ReplyError } from '../http/reply.ts'
import type { Router } from '../http/router.ts'
import type { GeneratedClient, PrismStore } from './store.ts'
import { type Tokens, unauthorized } from './tokens.ts'

const path = '/api/v1/me/clients'

/** For people only: an API client cannot make more of its kind. */
export function addApiClients(router: Router, store: PrismStore, tokens: Tokens): void {
  function customerOf(incoming: Incoming): number {
    const grant = tokens.grantOf(incoming)
    if (grant === null) throw new ReplyError(unauthorized())
    if (grant.person === undefined) throw new ReplyError(json({ Message: 'Forbidden.' }, 403))
    return grant.customerId
  }

  router
    .on('POST', path, (incoming) => generate(store, customerOf(incoming), incoming.json()))
    .on('GET', path, (incoming) => json(store.clientsOf(customerOf(incoming)).map(shape)))
    .on('DELETE', `${path}/:id`, (incoming, { id = '' }) =>
      store.revokeClient(customerOf(incoming), id)
        ? noContent
        : json({ Message: `There is no client ${id}.` }, 404),
    )
}

/** `{ClientName, Email}` -> the client with its secret, which is shown this once. */
export function generate(store: PrismStore, customerId: number, body: unknown): Reply {
  const { ClientName, Email } = (body ?? {}) as { ClientName?: unknown; Email?: unknown }
  if (typeof ClientName !== 'string' || ClientName.trim() === '')
    return json({ Message: 'ClientName is missing.' }, 400)
  if (typeof Email !== 'string' || !/^\S+@\S+$/.test(Email))
    return json({ Message: 'Email is missing.' }, 400)
  const client = store.generateClient(customerId, { name: ClientName.trim(), email: Email })
  return json({ ...shape(client), ClientSecret: client.clientSecret }, 201)
}

function shape({ clientId, name, email }: GeneratedClient) {
  return { ClientId: clientId, ClientName: name, Email: email }
}

/**
 * One client a connection and process: what a client counts (requests at a time, the wait after a 429, the token) then holds for
 * all that the process does with the connection.
 */

/** The least recently used are let go of beyond this; a client costs some kilobytes. */
const MOST = 1_000

export interface HeldClients<C> {
  /** The client of an organisation's connection; a new one where it was last made for another `key`, or never. */
  of(organisationId: string, key: string, make: () => C): C
}

export function holdClients<C>(most = MOST): HeldClients<C> {
  const held = new Map<string, { readonly key: string; readonly client: C }>()
  return {
    of(organisationId, key, make) {
      const known = held.get(organisationId)
      const kept = known?.key === key ? known : { key, client: make() }
      // The order of a Map is that of insertion: the first is the least recently used.
      held.delete(organisationId)
      held.set(organisationId, kept)
      const [oldest] = held.keys()
      if (held.size > most && oldest !== undefined) held.delete(oldest)
      return kept.client
    },
  }
}

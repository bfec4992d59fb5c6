/** The other end of each connection, which a route cannot ask for: it is given headers and no socket. */
import { randomBytes } from 'node:crypto'
import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage } from 'node:http'

// Next may evaluate a module once for each bundle, and again after each edit in development.
const held = globalThis as typeof globalThis & { prismPodPeerHeader?: string }

/**
 * From now on every request to this process carries its peer's address in a header, whose name is not known outside of the
 * process: no caller can send it.
 */
export function notePeers(): void {
  if (held.prismPodPeerHeader !== undefined) return
  const header = `x-peer-${randomBytes(16).toString('hex')}`
  held.prismPodPeerHeader = header
  subscribe('http.server.request.start', (message) => {
    const { request } = message as { request: IncomingMessage }
    const address = request.socket.remoteAddress
    if (address !== undefined) request.headers[header] = address
  })
}

/** `null` for a request that came before `notePeers`. */
export const peerOf = (headers: Pick<Headers, 'get'>): string | null =>
  held.prismPodPeerHeader === undefined ? null : headers.get(held.prismPodPeerHeader)

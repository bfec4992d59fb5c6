/** Settings that name hosts, as steps of a zod schema. */
import type { z } from 'zod'
import { isPort } from './server-address.ts'

/** `host:port` entries in lower case. */
export function readTrustedHosts(text: string, context: z.RefinementCtx): ReadonlySet<string> {
  const hosts = text
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((host) => host !== '')
  for (const host of hosts) {
    const message = trustedHostProblem(host)
    if (message !== null)
      context.addIssue({
        code: 'custom',
        message: `must list host:port entries; "${host.slice(0, 100)}" ${message}`,
      })
  }
  return new Set(hosts)
}

function trustedHostProblem(entry: string): string | null {
  if (entry.includes('://')) return 'is an address: leave out what stands before the host'
  const port = /^(?:\[[0-9a-f:.]+\]|[a-z0-9._-]+):(.*)$/.exec(entry)?.[1]
  if (port === undefined) return 'is none'
  return isPort(port) ? null : 'has no port from 1 to 65535'
}

/** An address of this machine, IPv6 with or without brackets. */
export function readListen(text: string, context: z.RefinementCtx): string {
  const host = text.replace(/^\[(.*)\]$/, '$1')
  if (/^[a-z0-9._-]+$/i.test(host) || /^[0-9a-f.]*:[0-9a-f.]*:[0-9a-f:.]*$/i.test(host)) return host
  context.addIssue({
    code: 'custom',
    message: 'must be one address of this machine, e.g. 127.0.0.1 or 0.0.0.0; the port is PORT',
  })
  return host
}

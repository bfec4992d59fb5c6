import type { Incoming } from './incoming.ts'
import type { Reply } from './reply.ts'

/** `params` holds the values of the pattern's `:name` segments. */
export type Handler = (incoming: Incoming, params: Readonly<Record<string, string>>) => Reply | Promise<Reply>

export interface Match {
  /** The pattern, e.g. `/control/agreements/:id/invoice`; the request log counts by it. */
  readonly route: string
  readonly handle: (incoming: Incoming) => Reply | Promise<Reply>
}

export interface Router {
  /** Adds a route; segments are fixed text, `:name`, or a last `*` for any rest (given as `params.rest`). */
  on(method: string, pattern: string, handler: Handler): Router
  /** The route for a request: `null` where no pattern fits; `allowed` where only the method does not. */
  match(method: string, path: string): Match | { readonly allowed: readonly string[] } | null
}

interface Route {
  readonly method: string
  readonly pattern: string
  readonly segments: readonly string[]
  readonly handler: Handler
}

/** Routes are tried in the order they were added. Fixed segments ignore case, as ConnectWise's and PRISM's (ASP.NET) do. */
export function createRouter(): Router {
  const routes: Route[] = []
  const router: Router = {
    on(method, pattern, handler) {
      routes.push({ method, pattern, segments: split(pattern), handler })
      return router
    },
    match(method, path) {
      const wanted = split(path)
      const allowed = new Set<string>()
      for (const route of routes) {
        const params = fit(route.segments, wanted)
        if (params === null) continue
        if (route.method === method)
          return { route: route.pattern, handle: (incoming) => route.handler(incoming, params) }
        allowed.add(route.method)
      }
      return allowed.size > 0 ? { allowed: [...allowed] } : null
    },
  }
  return router
}

function split(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '')
}

function fit(segments: readonly string[], wanted: readonly string[]): Record<string, string> | null {
  const params: Record<string, string> = {}
  for (const [index, segment] of segments.entries()) {
    if (segment === '*') return { ...params, rest: wanted.slice(index).join('/') }
    const value = wanted[index]
    if (value === undefined) return null
    if (segment.startsWith(':')) params[segment.slice(1)] = value
    else if (segment.toLowerCase() !== value.toLowerCase()) return null
  }
  return segments.length === wanted.length ? params : null
}

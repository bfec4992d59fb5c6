/** What is refused before any route or page is reached: addresses that are none, and methods that an address does not offer. */
import { problemOf } from '#lib/base/errors.ts'
import { type ApiMethods, allowed, routeOf } from './api-methods.ts'
import { problemReply } from './problem.ts'

interface Asked {
  readonly method: string
  /** As it was sent, its parts encoded. */
  readonly path: string
}

/** A page has no forms that are sent to itself and no server actions. */
const PAGE_METHODS = ['GET', 'HEAD']

export type Refusal = { readonly answer: Response } | { readonly page: 'not-found' }

/**
 * Why the request goes no further; `null` where it may. A broken address is a problem of the API, and of the site a page that is
 * not there.
 * @param methods of the API's route files; `null` where they are not known (in development)
 */
export function refusalOf({ method, path }: Asked, methods: ApiMethods | null): Refusal | null {
  const isApi = /^\/api(\/|$)/.test(path)
  if (!isDecodable(path))
    return isApi ? { answer: problemReply(problemOf('request-invalid', BROKEN)) } : { page: 'not-found' }
  if (!isApi)
    return PAGE_METHODS.includes(method) ? null : { answer: notOffered(method, PAGE_METHODS.join(', ')) }
  if (methods === null || method === 'OPTIONS') return null
  const found = routeOf(Object.keys(methods), path.slice('/api/'.length))
  const offered = found === null ? null : allowed(methods[found.file] ?? [])
  // What no route file answers is not found, whatever the method.
  return offered === null || offered.split(', ').includes(method)
    ? null
    : { answer: notOffered(method, offered) }
}

const BROKEN = 'The address is not one: a % in it is not followed by what it stands for.'

const notOffered = (method: string, allow: string): Response =>
  problemReply(problemOf('method-not-allowed', `${method} is not offered here, only ${allow}.`), { allow })

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path)
    return true
  } catch {
    return false
  }
}

/** Requests as the built app serves them: the middleware's border, then Next's choice of a route file, all in this process. */
import { join } from 'node:path'
import type { NextConfig } from 'next'
import { PHASE_PRODUCTION_BUILD } from 'next/constants.js'
import { type ApiMethods, routeOf } from '#app/http/api-methods.ts'
import { refusalOf } from '#app/http/border.ts'
import { routeFiles } from './api-world.ts'
import { expectFits } from './contract-of.ts'

const ROOT = join(import.meta.dirname, '..')

const configOf = (await import(join(ROOT, '..', '..', 'next.config.js'))) as {
  default: (phase: string) => NextConfig
}

/** What the built app's middleware knows of the routes' methods. */
export const builtMethods = JSON.parse(
  configOf.default(PHASE_PRODUCTION_BUILD).env?.['API_METHODS'] ?? '{}',
) as ApiMethods

type Handler = (request: Request, context: { params: Promise<unknown> }) => Promise<Response>

/** The methods of a route file, by its exports. */
export async function handlersOf(file: string): Promise<Readonly<Record<string, Handler>>> {
  const exported = (await import(join(ROOT, file, 'route.ts'))) as Readonly<Record<string, unknown>>
  const handlers = Object.entries(exported).filter(([name]) => /^[A-Z]+$/.test(name))
  return Object.fromEntries(handlers) as Record<string, Handler>
}

/** The app's answer; `null` where the address is not the API's, or Next answers by itself (OPTIONS). */
export async function served(request: Request): Promise<Response | null> {
  const { pathname: path } = new URL(request.url)
  const refusal = refusalOf({ method: request.method, path }, builtMethods)
  if (refusal !== null) return 'answer' in refusal ? refusal.answer : null
  if (!path.startsWith('/api/')) return null
  const found = routeOf(routeFiles, path.slice('/api/'.length)) ?? { file: '[[...path]]', params: {} }
  const handlers = await handlersOf(found.file)
  const handler = handlers[request.method] ?? (request.method === 'HEAD' ? handlers['GET'] : undefined)
  if (handler !== undefined) {
    const answer = await handler(request, { params: Promise.resolve(found.params) })
    if (found.file !== '[[...path]]' && request.method !== 'HEAD')
      await expectFits(request.method, found.file, answer)
    return answer
  }
  if (request.method === 'OPTIONS') return null
  throw new Error(`${request.method} ${path} reached a route file that does not offer it`)
}

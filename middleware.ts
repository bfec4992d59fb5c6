import type { NextRequest } from 'next/server'
import type { ApiMethods } from '#app/http/api-methods.ts'
import { refusalOf } from '#app/http/border.ts'
import { dataAnswer, onToPage, onToRoute, pageAnswer } from '#app/http/outgoing.ts'
import { notePeers } from '#app/http/peers.ts'
import { requestIdOf } from '#app/http/request-id.ts'
import { type OpenDatabase, openDatabase } from '#db/client.ts'
import { ping } from '#db/health.ts'
import { NOBODY } from '#lib/base/answer-headers.ts'
import { databaseUnreachable, isDatabaseLost } from '#lib/base/database-lost.ts'
import { env } from '#lib/base/env.ts'
import { captureConsole, log } from '#lib/base/log.ts'
import { askAgainSeconds, outagePage } from '#lib/base/outage-page.ts'
import { newRequestId, withRequestId } from '#lib/base/request-id.ts'
import { podOrigins } from '#lib/members/pod-origins.ts'

/** Written into the built app by next.config.js. */
const methods = JSON.parse(process.env['API_METHODS'] || 'null') as ApiMethods | null

/**
 * Names each request, refuses what no route or page answers, says on every page that the database is away while it is (the API's
 * routes do it themselves), and writes what the browser may do with a page and who may frame it: our pods the organisation's
 * ConnectWise and nobody else, no other page anybody.
 */
export async function middleware(request: NextRequest): Promise<Response> {
  // The first code that a request meets: from here on nothing that it holds is printed raw.
  if (process.env.NODE_ENV === 'production') captureConsole()
  notePeers()
  return withRequestId(named(request), () => answerTo(request))
}

/** Where the environment is wrong, routes and pages say so. */
function named({ headers }: NextRequest): string {
  try {
    return requestIdOf(headers, env())
  } catch {
    return newRequestId()
  }
}

async function answerTo(request: NextRequest): Promise<Response> {
  const { method, nextUrl } = request
  const refusal = refusalOf({ method, path: nextUrl.pathname }, methods)
  if (refusal !== null && 'answer' in refusal) return dataAnswer(refusal.answer)
  // To an address that no page has, so that the site's own page for it is shown.
  if (refusal !== null) return onToPage(request, NOBODY, new URL('/not-found', nextUrl))
  return nextUrl.pathname.startsWith('/api/') ? onToRoute(request) : page(request)
}

async function page(request: NextRequest): Promise<Response> {
  const { pathname, searchParams } = request.nextUrl
  // No X-Frame-Options beside it: that has no form that lists hosts, and would block the pod.
  const isPod = /^\/(pods|tabs)(\/|$)/.test(pathname)
  database ??= open()
  const lost = database
  try {
    await askDatabase(database)
    return onToPage(request, isPod ? await podOrigins(database.db, searchParams.get('org')) : NOBODY)
  } catch (error) {
    // Whose ConnectWise it is cannot be known now; the page has nothing that another site could make anybody press.
    if (isDatabaseLost(error))
      return pageAnswer((nonce) => unavailable(error, lost, nonce), isPod ? ['*'] : NOBODY)
    // Next would print it as it is, what was sent included.
    log.unexpected(error, { path: pathname })
    return onToPage(request, NOBODY)
  }
}

let database: OpenDatabase | undefined

function open(): OpenDatabase {
  const { databaseUrl, databasePooled: isPooled } = env()
  return openDatabase(databaseUrl.reveal(), { max: 2, connectMs: 2_500, answerMs: 2_500, isPooled })
}

/** While it answers, it is not asked by every page. */
const ASKED_EVERY_MS = 1_000
let answeredAt = Number.NEGATIVE_INFINITY

async function askDatabase({ db }: OpenDatabase): Promise<void> {
  if (performance.now() - answeredAt < ASKED_EVERY_MS) return
  await ping(db)
  answeredAt = performance.now()
}

function unavailable(error: unknown, { lostSince }: OpenDatabase, nonce: string): Response {
  const outage = { since: lostSince(), isRestarted: env().embeddedDatabase }
  return new Response(outagePage(databaseUnreachable(error, outage), nonce), {
    status: 503,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'retry-after': String(askAgainSeconds),
    },
  })
}

export const config = { runtime: 'nodejs', matcher: '/((?!_next/|favicon).*)' }

import { type NextRequest, NextResponse } from 'next/server'
import type { ApiMethods } from '#app/http/api-methods.ts'
import { refusalOf } from '#app/http/border.ts'
import { type OpenDatabase, openDatabase } from '#db/client.ts'
import { ping } from '#db/health.ts'
import { databaseUnreachable, isDatabaseLost } from '#lib/base/database-lost.ts'
import { env } from '#lib/base/env.ts'
import { captureConsole, log } from '#lib/base/log.ts'
import { askAgainSeconds, outagePage } from '#lib/base/outage-page.ts'
import { frameAncestors } from '#lib/members/frame-hosts.ts'
import { podOrigins } from '#lib/members/pod-origins.ts'

/** Written into the built app by next.config.js. */
const methods = JSON.parse(process.env['API_METHODS'] || 'null') as ApiMethods | null

/**
 * Refuses what no route or page answers, says on every page that the database is away while it is (the API's routes do it
 * themselves), and writes who may frame a page: our pods the organisation's ConnectWise and nobody else, no other page anybody.
 */
export async function middleware({ method, nextUrl }: NextRequest): Promise<Response> {
  // The first code that a request meets: from here on nothing that it holds is printed raw.
  if (process.env.NODE_ENV === 'production') captureConsole()
  const refusal = refusalOf({ method, path: nextUrl.pathname }, methods)
  if (refusal !== null) return framedBy(refused(refusal, nextUrl), NOBODY)
  if (nextUrl.pathname.startsWith('/api/')) return framedBy(NextResponse.next(), NOBODY)
  return page(nextUrl)
}

function refused(refusal: NonNullable<ReturnType<typeof refusalOf>>, url: NextRequest['nextUrl']): Response {
  // Of an address that no page has, so that the site's own page for it is shown.
  return 'answer' in refusal ? refusal.answer : NextResponse.rewrite(new URL('/not-found', url))
}

async function page({ pathname, searchParams }: NextRequest['nextUrl']): Promise<Response> {
  // No X-Frame-Options beside it: that has no form that lists hosts, and would block the pod.
  const isPod = /^\/(pods|tabs)(\/|$)/.test(pathname)
  database ??= openDatabase(env().databaseUrl.reveal(), { max: 2, connectMs: 2_500, answerMs: 2_500 })
  try {
    await askDatabase(database)
    const origins = isPod ? await podOrigins(database.db, searchParams.get('org')) : NOBODY
    return framedBy(NextResponse.next(), origins)
  } catch (error) {
    // Whose ConnectWise it is cannot be known now; the page has nothing that another site could make anybody press.
    if (isDatabaseLost(error)) return framedBy(unavailable(error, database), isPod ? ['*'] : NOBODY)
    // Next would print it as it is, what was sent included.
    log.unexpected(error, { path: pathname })
    return framedBy(NextResponse.next(), NOBODY)
  }
}

const NOBODY = ["'none'"] as const

let database: OpenDatabase | undefined
/** While it answers, it is not asked by every page. */
const ASKED_EVERY_MS = 1_000
let answeredAt = Number.NEGATIVE_INFINITY

async function askDatabase({ db }: OpenDatabase): Promise<void> {
  if (performance.now() - answeredAt < ASKED_EVERY_MS) return
  await ping(db)
  answeredAt = performance.now()
}

function unavailable(error: unknown, { lostSince }: OpenDatabase): Response {
  const outage = { since: lostSince(), isRestarted: env().embeddedDatabase }
  return new NextResponse(outagePage(databaseUnreachable(error, outage)), {
    status: 503,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'retry-after': String(askAgainSeconds),
    },
  })
}

function framedBy(response: Response, origins: readonly string[]): Response {
  response.headers.set('content-security-policy', frameAncestors(origins))
  return response
}

export const config = { runtime: 'nodejs', matcher: '/((?!_next/|favicon).*)' }

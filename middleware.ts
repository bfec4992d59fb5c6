import { type NextRequest, NextResponse } from 'next/server'
import { type OpenDatabase, openDatabase } from '#db/client.ts'
import { ping } from '#db/queries/health.ts'
import { databaseUnreachable, isDatabaseLost } from '#lib/base/database-lost.ts'
import { env } from '#lib/base/env.ts'
import { askAgainSeconds, outagePage } from '#lib/base/outage-page.ts'
import { frameAncestors } from '#lib/members/frame-hosts.ts'
import { podOrigins } from '#lib/members/pod-origins.ts'

let database: OpenDatabase | undefined
/** While it answers, it is not asked by every page. */
const ASKED_EVERY_MS = 1_000
let answeredAt = Number.NEGATIVE_INFINITY

/**
 * Our pods may be framed by the organisation's ConnectWise and by nobody else; no other page may be framed at all. While the
 * database is away, every page says so; the API's routes do it themselves.
 */
export async function middleware({ nextUrl }: NextRequest): Promise<NextResponse> {
  const { pathname, searchParams } = nextUrl
  // No X-Frame-Options beside it: that has no form that lists hosts, and would block the pod.
  const isPod = /^\/(pods|tabs)(\/|$)/.test(pathname)
  if (pathname.startsWith('/api/')) return framedBy(NextResponse.next(), ["'none'"])
  database ??= openDatabase(env().databaseUrl.reveal(), { max: 2, connectMs: 2_500, answerMs: 2_500 })
  try {
    await askDatabase(database)
    const origins = isPod ? await podOrigins(database.db, searchParams.get('org')) : ["'none'"]
    return framedBy(NextResponse.next(), origins)
  } catch (error) {
    if (!isDatabaseLost(error)) throw error
    // Whose ConnectWise it is cannot be known now; the page has nothing that another site could make anybody press.
    return framedBy(unavailable(error, database), [isPod ? '*' : "'none'"])
  }
}

async function askDatabase({ db }: OpenDatabase): Promise<void> {
  if (performance.now() - answeredAt < ASKED_EVERY_MS) return
  await ping(db)
  answeredAt = performance.now()
}

function unavailable(error: unknown, { lostSince }: OpenDatabase): NextResponse {
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

function framedBy(response: NextResponse, origins: readonly string[]): NextResponse {
  response.headers.set('content-security-policy', frameAncestors(origins))
  return response
}

export const config = { runtime: 'nodejs', matcher: '/((?!_next/|favicon).*)' }

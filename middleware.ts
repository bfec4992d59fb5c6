import { type NextRequest, NextResponse } from 'next/server'
import type { ApiMethods } from '#app/server/api-methods.ts'
import { refusalOf } from '#app/server/border.ts'
import { type OpenDatabase, openDatabase } from '#db/client.ts'
import { env } from '#lib/base/env.ts'
import { log } from '#lib/base/log.ts'
import { frameAncestors } from '#lib/members/frame-hosts.ts'
import { podOrigins } from '#lib/members/pod-origins.ts'

/** Written into the built app by next.config.js. */
const methods = JSON.parse(process.env['API_METHODS'] || 'null') as ApiMethods | null

export async function middleware({ method, nextUrl }: NextRequest): Promise<Response> {
  const refusal = refusalOf({ method, path: nextUrl.pathname }, methods)
  const response = answerTo(refusal, nextUrl)
  response.headers.set('content-security-policy', frameAncestors(await frameOrigins(nextUrl)))
  return response
}

function answerTo(refusal: ReturnType<typeof refusalOf>, url: NextRequest['nextUrl']): Response {
  if (refusal === null) return NextResponse.next()
  // Of an address that no page has, so that the site's own page for it is shown.
  return 'answer' in refusal ? refusal.answer : NextResponse.rewrite(new URL('/not-found', url))
}

let database: OpenDatabase | undefined

/** Our pods may be framed by the organisation's ConnectWise and by nobody else; no other page may be framed at all. */
async function frameOrigins({ pathname, searchParams }: NextRequest['nextUrl']): Promise<readonly string[]> {
  // No X-Frame-Options beside it: that has no form that lists hosts, and would block the pod.
  if (!/^\/(pods|tabs)(\/|$)/.test(pathname)) return NOBODY
  try {
    database ??= openDatabase(env().databaseUrl.reveal(), 2)
    return await podOrigins(database.db, searchParams.get('org'))
  } catch (error) {
    // Next would print it as it is, what was sent included.
    log.unexpected(error, { path: pathname })
    return NOBODY
  }
}

const NOBODY = ["'none'"] as const

export const config = { runtime: 'nodejs', matcher: '/((?!_next/|favicon).*)' }

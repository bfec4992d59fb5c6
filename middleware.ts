import { type NextRequest, NextResponse } from 'next/server'
import { type OpenDatabase, openDatabase } from '#db/client.ts'
import { env } from '#lib/base/env.ts'
import { captureConsole } from '#lib/base/log.ts'
import { frameAncestors } from '#lib/members/frame-hosts.ts'
import { podOrigins } from '#lib/members/pod-origins.ts'

let database: OpenDatabase | undefined

/** Our pods may be framed by the organisation's ConnectWise and by nobody else; no other page may be framed at all. */
export async function middleware({ nextUrl }: NextRequest): Promise<NextResponse> {
  // The first code that a request meets: from here on nothing that it holds is printed raw.
  if (process.env.NODE_ENV === 'production') captureConsole()
  const response = NextResponse.next()
  // No X-Frame-Options beside it: that has no form that lists hosts, and would block the pod.
  const isPod = /^\/(pods|tabs)(\/|$)/.test(nextUrl.pathname)
  if (isPod) database ??= openDatabase(env().databaseUrl.reveal(), 2)
  const origins =
    database && isPod ? await podOrigins(database.db, nextUrl.searchParams.get('org')) : ["'none'"]
  response.headers.set('content-security-policy', frameAncestors(origins))
  return response
}

export const config = { runtime: 'nodejs', matcher: '/((?!_next/|favicon).*)' }

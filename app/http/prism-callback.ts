import { server } from '#app/process/process.ts'
import { principalOf } from '#lib/auth/authorise.ts'
import { readCookie } from '#lib/auth/cookies.ts'
import {
  ATTEMPT_COOKIE,
  endedAttemptCookie,
  type PrismAttempt,
  readAttempt,
  tokenCookie,
} from '#lib/auth/prism-cookies.ts'
import { linkPrism, signInWithPrism } from '#lib/auth/prism-person.ts'
import { finishPrismSignIn, type PrismIdentity } from '#lib/auth/prism-sign-in.ts'
import { noteSignIn } from '#lib/auth/sign-in.ts'
import { type ErrorCode, ProductError } from '#lib/base/errors.ts'
import { log } from '#lib/base/log.ts'
import { authContext, refuse } from './api-route.ts'
import { callerOf } from './caller.ts'
import { prismSignInSettings, seeOther } from './prism-sign-in.ts'
import { isSecure, sessionCookie } from './session.ts'

/** Ends a sign-in with PRISM. A browser shows what it gets, so that a refusal goes to a page, too. */
export async function finishSignIn(request: Request): Promise<Response> {
  const { env } = server()
  const attempt = await readAttempt(
    readCookie(request.headers.get('cookie'), ATTEMPT_COOKIE),
    env.sessionSecret,
  )
  const ended = endedAttemptCookie(isSecure())
  try {
    if (attempt === null) throw refuse('link-invalid', 'This sign-in was begun elsewhere, or too long ago.')
    const query = new URL(request.url).searchParams
    const identity = await finishPrismSignIn(prismSignInSettings(), query, attempt.checks)
    return await (attempt.purpose === 'link'
      ? linked(request, attempt, identity, ended)
      : signedIn(request, attempt, identity, ended))
  } catch (error) {
    if (!(error instanceof ProductError)) throw error
    log.info('prism-sign-in-refused', { code: error.code, error })
    return seeOther(refusalPage(error.code, attempt), [ended])
  }
}

/** Only the code: whoever makes a link to this page must not put words into our mouth. */
const refusalPage = (code: ErrorCode, attempt: PrismAttempt | null): string =>
  attempt?.purpose === 'link' ? `/connections?refused=${code}` : `/sign-in?refused=${code}`

async function signedIn(
  request: Request,
  attempt: PrismAttempt,
  identity: PrismIdentity,
  ended: string,
): Promise<Response> {
  const { db, env } = server()
  const { person, state } = await signInWithPrism({ db, input: { identity, selfSignUp: env.selfSignUp } })
  if (state === 'waiting') return seeOther('/sign-in?waiting=yes', [ended])
  await noteSignIn(db, person, { caller: callerOf(request), way: 'PRISM' })
  return seeOther(attempt.next === '/' ? '/start' : attempt.next, [
    await sessionCookie(person),
    ...(await prismToken(person.id, identity)),
    ended,
  ])
}

async function linked(
  request: Request,
  attempt: PrismAttempt,
  identity: PrismIdentity,
  ended: string,
): Promise<Response> {
  const { db } = server()
  const principal = await principalOf(authContext(), request)
  if (principal === null || principal.userId === null)
    throw refuse('sign-in-needed', 'The session has run out meanwhile.')
  const { organisationId, userId } = principal
  await linkPrism({ db, input: { organisationId, userId, identity } })
  return seeOther(attempt.next, [...(await prismToken(userId, identity)), ended])
}

async function prismToken(userId: string, { accessToken }: PrismIdentity): Promise<string[]> {
  const cookie = await tokenCookie(userId, accessToken, {
    secret: server().env.sessionSecret,
    secure: isSecure(),
  })
  if (cookie === null) log.warn('prism-token-too-long', { userId })
  return cookie === null ? [] : [cookie]
}

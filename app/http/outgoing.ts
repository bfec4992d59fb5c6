/** Answers as they leave the middleware: named, and with what they tell the browser (`lib/base/answer-headers.ts`). */
import { randomBytes } from 'node:crypto'
import { NextResponse } from 'next/server'
import { dataPolicy, fixedHeaders, pagePolicy, transportSecurity } from '#lib/base/answer-headers.ts'
import { REQUEST_ID_HEADER, requestId } from '#lib/base/request-id.ts'

type Sent = { readonly headers: Headers }
const POLICY = 'content-security-policy'

/** An answer of the API. */
export const dataAnswer = (answer: Response): Response => withHeaders(answer, dataPolicy)

/** Goes on to the API's route, which is told the request's name. */
export const onToRoute = ({ headers }: Sent): Response =>
  dataAnswer(NextResponse.next({ request: { headers: passedOn(headers, {}) } }))

/** Goes on to the page, or to that of another address. Next writes the nonce that the request's policy holds into all that it sends. */
export function onToPage({ headers }: Sent, framedBy: readonly string[], instead?: URL): Response {
  const policy = policyOf(newNonce(), framedBy)
  const request = { headers: passedOn(headers, { [POLICY]: policy }) }
  return withHeaders(
    instead === undefined ? NextResponse.next({ request }) : NextResponse.rewrite(instead, { request }),
    policy,
  )
}

/** A page that is made here, with the nonce that its own script and styles need. */
export function pageAnswer(make: (nonce: string) => Response, framedBy: readonly string[]): Response {
  const nonce = newNonce()
  return withHeaders(make(nonce), policyOf(nonce, framedBy))
}

const newNonce = (): string => randomBytes(16).toString('base64')

const policyOf = (nonce: string, framedBy: readonly string[]): string =>
  pagePolicy({ nonce, framedBy, development: process.env.NODE_ENV !== 'production' })

/** What the caller sent under our names does not count. */
function passedOn(headers: Headers, ours: Readonly<Record<string, string>>): Headers {
  const sent = new Headers(headers)
  for (const name of [POLICY, `${POLICY}-report-only`, REQUEST_ID_HEADER]) sent.delete(name)
  for (const [name, value] of Object.entries({ ...ours, ...named() })) sent.set(name, value)
  return sent
}

function named(): Record<string, string> {
  const id = requestId()
  return id === null ? {} : { [REQUEST_ID_HEADER]: id }
}

function withHeaders(answer: Response, policy: string): Response {
  const all = {
    ...fixedHeaders,
    ...transportSecurity(process.env['APP_URL']),
    ...named(),
    [POLICY]: policy,
  }
  for (const [name, value] of Object.entries(all)) answer.headers.set(name, value)
  return answer
}

import { afterEach, describe, expect, it, vi } from 'vitest'
import { dataPolicy, NOBODY } from '#lib/base/answer-headers.ts'
import { withRequestId } from '#lib/base/request-id.ts'
import { dataAnswer, onToPage, onToRoute, pageAnswer } from './outgoing.ts'

afterEach(() => vi.unstubAllEnvs())

const forged = new Headers({
  cookie: 'kept=yes',
  'x-request-id': 'name-of-the-caller',
  'content-security-policy': "script-src 'nonce-Zm9yZ2Vk'",
  'content-security-policy-report-only': "script-src 'nonce-Zm9yZ2Vk'",
})
/** What the route or page is told, as Next carries it. */
const told = (answer: Response, name: string): string | null =>
  answer.headers.get(`x-middleware-request-${name}`)
const policyOf = (answer: Response): string => answer.headers.get('content-security-policy') ?? ''
const nonceIn = (policy: string): string => /'nonce-([^']+)'/.exec(policy)?.[1] ?? ''

const kinds: readonly (readonly [string, () => Response])[] = [
  ['a refusal', () => dataAnswer(new Response(null, { status: 405 }))],
  ['a route', () => onToRoute({ headers: forged })],
  ['a page', () => onToPage({ headers: forged }, NOBODY)],
  ['a page that is not there', () => onToPage({ headers: forged }, NOBODY, new URL('http://pod/not-found'))],
  ['a page made here', () => pageAnswer(() => new Response('x', { status: 503 }), NOBODY)],
]

describe.each(kinds)('what leaves as %s', (_, make) => {
  it('has its policy, the headers of all, and the request’s name', () => {
    vi.stubEnv('APP_URL', 'https://pod.example')
    const { headers } = withRequestId('a-request', make)
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; .*frame-ancestors 'none'$/)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('same-origin')
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
    expect(headers.get('permissions-policy')).toContain('camera=()')
    expect(headers.get('strict-transport-security')).toBe('max-age=31536000')
    expect(headers.get('x-request-id')).toBe('a-request')
  })

  it('asks for no https where the deployment has none', () => {
    vi.stubEnv('APP_URL', 'http://localhost:3000')
    expect(make().headers.has('strict-transport-security')).toBe(false)
  })
})

describe('what goes on', () => {
  it('is told our name and our nonce, never the caller’s, and all else that was sent', () => {
    const page = withRequestId('a-request', () => onToPage({ headers: forged }, NOBODY))
    expect(told(page, 'x-request-id')).toBe('a-request')
    expect(told(page, 'content-security-policy')).toBe(policyOf(page))
    expect(told(page, 'content-security-policy-report-only')).toBeNull()
    expect(told(page, 'cookie')).toBe('kept=yes')
    expect(policyOf(page)).not.toContain('Zm9yZ2Vk')
    const route = withRequestId('a-request', () => onToRoute({ headers: forged }))
    expect(told(route, 'x-request-id')).toBe('a-request')
    expect(told(route, 'content-security-policy')).toBeNull()
    expect(policyOf(route)).toBe(dataPolicy)
  })

  it('has a nonce that no other answer has', () => {
    const nonces = Array.from({ length: 50 }, () => nonceIn(policyOf(onToPage({ headers: forged }, NOBODY))))
    expect(new Set(nonces).size).toBe(50)
    for (const nonce of nonces) expect(Buffer.from(nonce, 'base64')).toHaveLength(16)
  })

  it('made here, is made with the nonce of its policy', async () => {
    const answer = pageAnswer((nonce) => new Response(nonce), ['*'])
    expect(await answer.text()).toBe(nonceIn(policyOf(answer)))
    expect(policyOf(answer)).toMatch(/frame-ancestors \*$/)
  })
})

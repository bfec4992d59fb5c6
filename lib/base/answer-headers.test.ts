import { describe, expect, it } from 'vitest'
import { dataPolicy, fixedHeaders, NOBODY, pagePolicy, transportSecurity } from './answer-headers.ts'

const usual = { nonce: 'bm9uY2U=', framedBy: NOBODY, development: false }
const directives = (policy: string): Map<string, string> =>
  new Map(
    policy.split('; ').map((each) => {
      const [name = '', ...values] = each.split(' ')
      return [name, values.join(' ')] as const
    }),
  )

describe('the policy of a page', () => {
  it('runs what came with the page and what that loads, and nothing written into it', () => {
    const policy = directives(pagePolicy(usual))
    expect(policy.get('script-src')).toBe("'self' 'nonce-bm9uY2U=' 'strict-dynamic'")
    expect(policy.get('style-src')).toBe("'self' 'nonce-bm9uY2U='")
    expect(pagePolicy(usual)).not.toContain('unsafe')
    expect(pagePolicy(usual)).not.toContain('*')
  })

  it('leaves nothing to a default that allows it', () => {
    const policy = directives(pagePolicy(usual))
    expect(policy.get('default-src')).toBe("'none'")
    expect(policy.get('object-src')).toBe("'none'")
    // These three do not fall back to default-src.
    expect(policy.get('base-uri')).toBe("'none'")
    expect(policy.get('form-action')).toBe("'self'")
    expect(policy.get('frame-ancestors')).toBe("'none'")
    for (const name of ['connect-src', 'img-src', 'font-src']) expect(policy.get(name), name).toBe("'self'")
  })

  it('names who may frame a pod, each by itself [H3]', () => {
    const framedBy = ['https://na.myconnectwise.net', 'https://eu.myconnectwise.net']
    expect(directives(pagePolicy({ ...usual, framedBy })).get('frame-ancestors')).toBe(framedBy.join(' '))
  })

  it('gives way in development alone: code from strings, styles in the page, the socket that tells of edits', () => {
    const policy = directives(pagePolicy({ ...usual, development: true }))
    expect(policy.get('script-src')).toBe("'self' 'nonce-bm9uY2U=' 'strict-dynamic' 'unsafe-eval'")
    expect(policy.get('style-src')).toBe("'self' 'unsafe-inline'")
    expect(policy.get('connect-src')).toBe("'self' ws: wss:")
    const same = ['default-src', 'object-src', 'base-uri', 'form-action', 'frame-ancestors', 'img-src']
    for (const name of same) expect(policy.get(name), name).toBe(directives(pagePolicy(usual)).get(name))
  })
})

describe('other headers', () => {
  it('let data load and run nothing, whoever opens it', () => {
    expect([...directives(dataPolicy).values()]).toEqual(["'none'", "'none'", "'none'", "'none'"])
  })

  it('keep the clipboard, which one page writes to', () => {
    expect(fixedHeaders['permissions-policy']).toContain('camera=()')
    expect(fixedHeaders['permissions-policy']).not.toContain('clipboard')
  })

  it.each([
    ['https://pod.example', { 'strict-transport-security': 'max-age=31536000' }],
    [' HTTPS://pod.example ', { 'strict-transport-security': 'max-age=31536000' }],
    ['http://pod.example', {}],
    ['http://https:80', {}],
    [undefined, {}],
  ])('ask for https where the address %j is', (appUrl, headers) => {
    expect(transportSecurity(appUrl)).toEqual(headers)
  })
})

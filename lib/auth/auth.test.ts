import { describe, expect, it, vi } from 'vitest'
import { Secret } from '#lib/base/secrets.ts'
import { mayDo } from './actions.ts'
import { podCookie, readCookie, userCookie, userCookieName } from './cookies.ts'
import { hashPassword, isPassword } from './passwords.ts'
import { POD_SESSION_SECONDS, sealSession, unsealPodSession, unsealUserSession } from './sealed-sessions.ts'
import { hashOfToken, newToken, organisationOfToken } from './tokens.ts'

const ORGANISATION = '0d4f7a52-8c1b-4f5e-9a39-0c7de54b3f10'

describe('a password', () => {
  it('is right only against its own hash, which is salted anew each time [B6]', async () => {
    const [first, second] = await Promise.all([hashPassword('correct horse'), hashPassword('correct horse')])
    expect(first).not.toBe(second)
    expect(await isPassword('correct horse', first)).toBe(true)
    expect(await isPassword('correct horse', second)).toBe(true)
    expect(await isPassword('Correct horse', first)).toBe(false)
  })

  it('is never right for a person without one [B6]', async () => {
    expect(await isPassword('', null)).toBe(false)
    expect(await isPassword('anything', '')).toBe(false)
    expect(await isPassword('anything', 'scrypt$16384$8$1$$')).toBe(false)
  })
})

describe('an API token', () => {
  it('carries its organisation, and is stored as a hash that does not contain it [I2]', () => {
    const token = newToken('api', ORGANISATION)
    expect(organisationOfToken('api', token)).toBe(ORGANISATION)
    expect(hashOfToken(token)).toMatch(/^[0-9a-f]{64}$/)
    expect(newToken('api', ORGANISATION)).not.toBe(token)
  })

  it('is none where the text only looks like one [I2]', () => {
    for (const text of [
      '',
      'pp_',
      `pp_${ORGANISATION}_short`,
      `xx${newToken('api', ORGANISATION)}`,
      newToken('invitation', ORGANISATION),
    ]) {
      expect(organisationOfToken('api', text)).toBeNull()
    }
  })
})

describe('a sealed session', () => {
  const secret = new Secret('a secret of at least thirty-two characters')
  const pod = {
    kind: 'pod' as const,
    organisationId: ORGANISATION,
    publicId: 'org',
    memberId: 'jdoe',
    memberName: 'J. Doe',
    record: { type: 'agreement' as const, id: 12 },
    sealedAt: 1_764_000_000_000,
  }

  it('opens with its own secret, as its own kind, unaltered [H4]', async () => {
    const sealed = await sealSession(pod, secret)
    expect(await unsealPodSession(sealed, secret)).toEqual({ ...pod, id: expect.any(String) })
    expect(await unsealUserSession(sealed, secret)).toBeNull()
    expect(await unsealPodSession(sealed, new Secret('another secret of thirty-two characters'))).toBeNull()
    expect(await unsealPodSession(`${sealed.slice(0, -2)}xx`, secret)).toBeNull()
    expect(await unsealPodSession('', secret)).toBeNull()
  })

  it('runs out after an hour in a pod [H4]', async () => {
    const sealed = await sealSession(pod, secret)
    vi.useFakeTimers({ now: Date.now() + (POD_SESSION_SECONDS + 61) * 1000 })
    expect(await unsealPodSession(sealed, secret)).toBeNull()
    vi.useRealTimers()
  })
})

describe('our cookies', () => {
  it('are kept by browsers that block third-party cookies: the pod’s is partitioned [H4]', () => {
    expect(podCookie('x').split('; ')).toEqual(
      expect.arrayContaining([
        '__Host-pod=x',
        'Path=/',
        'HttpOnly',
        'Secure',
        'SameSite=None',
        'Partitioned',
      ]),
    )
  })

  it('are not sent by other sites’ pages: the standalone site’s is Lax [H6]', () => {
    expect(userCookie('x', true)).toContain('SameSite=Lax')
    expect(userCookie('x', true)).toContain('Secure')
    expect(userCookie(null, false)).toContain('Max-Age=0')
  })

  it('over https belong to this host alone: another of the same domain cannot set one [B6]', () => {
    expect(userCookie('x', true)).toMatch(/^__Host-prism-pod=x; Path=\/; .*Secure$/)
    expect(userCookie('x', true)).not.toMatch(/Domain/)
    // A browser refuses the prefix on a page that came over plain http.
    expect(userCookieName(false)).toBe('prism-pod')
  })

  it('are read by their whole name, with = in their value [H4]', () => {
    expect(readCookie('a=1; __Host-pod=Fe26.2*x=y; prism-pod=z', '__Host-pod')).toBe('Fe26.2*x=y')
    expect(readCookie('x__Host-pod=1', '__Host-pod')).toBeNull()
    expect(readCookie(null, '__Host-pod')).toBeNull()
  })
})

describe('a verified ConnectWise member', () => {
  it('may look, and map and sync only where the organisation allows it; never more [H4]', () => {
    expect(mayDo('member', 'pods.read')).toBe(true)
    expect(mayDo('member', 'customers.sync')).toBe(false)
    expect(mayDo('syncing-member', 'pods.read')).toBe(true)
    expect(mayDo('syncing-member', 'customers.sync')).toBe(true)
    for (const action of [
      'connections.read',
      'connections.write',
      'program.write',
      'customers.reset',
    ] as const) {
      expect(mayDo('syncing-member', action)).toBe(false)
    }
  })
})

import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readEnv } from './env.ts'
import { ProductError } from './errors.ts'

const good = {
  DATABASE_URL: 'postgres://pod:pod@127.0.0.1:5432/pod',
  SESSION_SECRET: 's'.repeat(32),
  ENCRYPTION_KEY: randomBytes(32).toString('base64'),
  CRON_SECRET: 'c'.repeat(16),
}

function detailOf(source: Record<string, string>): string {
  try {
    readEnv(source)
  } catch (error) {
    if (error instanceof ProductError) return error.detail
    throw error
  }
  return ''
}

describe('the environment', () => {
  it('fills in what is left out, and takes an empty variable for one not set', () => {
    expect(readEnv({ ...good, APP_URL: '', TRUSTED_HOSTS: ' ' })).toMatchObject({
      appUrl: 'http://localhost:3000',
      prismApiUrl: 'https://api.prismportal.online',
      prismIdentityUrl: 'https://identity.prismportal.online',
      trustedHosts: new Set(),
      connectWiseRequestsPerMinute: 400,
      connectWiseParallel: 8,
      connectWiseTimeoutMs: 20_000,
      owner: null,
      mail: null,
      connectWiseClientId: null,
      dataDir: '.data',
    })
  })

  it('reads trusted hosts in lower case, separated by commas or spaces', () => {
    const { trustedHosts } = readEnv({ ...good, TRUSTED_HOSTS: 'Localhost:4400, 127.0.0.1:4500 [::1]:99' })
    expect([...trustedHosts]).toEqual(['localhost:4400', '127.0.0.1:4500', '[::1]:99'])
  })

  it('believes no proxy unless it is named, and knows Vercel by its own variable', () => {
    expect(readEnv(good)).toMatchObject({ trustedProxy: null, isOnVercel: false })
    expect(readEnv({ ...good, VERCEL: '1', TRUSTED_PROXY: '2' })).toMatchObject({
      trustedProxy: { kind: 'hops', hops: 2 },
      isOnVercel: true,
    })
    for (const wrong of ['0', '11', 'proxy.example', '10.0.0.0/33', '10.0.0.0/8/8', '10.0.0.0/x', '::1/129'])
      expect(detailOf({ ...good, TRUSTED_PROXY: wrong }), wrong).toContain(
        'TRUSTED_PROXY must list addresses',
      )
  })

  it('names every wrong variable at once, with what it should be', () => {
    const detail = detailOf({
      SESSION_SECRET: 'short',
      ENCRYPTION_KEY: 'nonsense',
      APP_URL: 'ftp://x',
      TRUSTED_HOSTS: 'no-port',
      CONNECTWISE_PARALLEL: '0',
      OWNER_EMAIL: 'a@b.example',
    })
    for (const name of [
      'DATABASE_URL must be set',
      'SESSION_SECRET must have at least 32',
      'ENCRYPTION_KEY must be 32 bytes',
      'CRON_SECRET must be set',
      'APP_URL must be',
      'TRUSTED_HOSTS must list host:port',
      'CONNECTWISE_PARALLEL must be from 1 to 64',
      'OWNER_EMAIL and OWNER_PASSWORD must be set together',
    ])
      expect(detail).toContain(name)
  })

  it('never repeats a secret in what it says [B5]', () => {
    expect(detailOf({ ...good, SESSION_SECRET: 'hunter2', CRON_SECRET: 'hunter2' })).not.toContain('hunter2')
    expect(JSON.stringify(readEnv(good))).not.toContain(good.ENCRYPTION_KEY)
  })

  it('lists every variable in .env.example', () => {
    const example = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8')
    const source = readFileSync(new URL('./env.ts', import.meta.url), 'utf8')
    const names = [...source.matchAll(/^ {2}([A-Z][A-Z_]+): /gm)].map(([, name]) => name)
    expect(names.length).toBeGreaterThan(15)
    for (const name of names) expect(example).toMatch(new RegExp(`^${name}=`, 'm'))
  })
})

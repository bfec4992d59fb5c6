import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readDatabaseUrl, readEnv, variableNames } from './env.ts'
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
    expect(
      readEnv({ ...good, VERCEL: '1', APP_URL: 'https://pod.example', TRUSTED_PROXY: '2' }),
    ).toMatchObject({
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

  it.each([
    ['CRON_SECRET', 'with a line break at its end', 'c'.repeat(16), '\n'],
    ['SESSION_SECRET', 'with spaces at its end', 's'.repeat(32), '  '],
    ['DATABASE_URL', 'with Windows line breaks at its end', good.DATABASE_URL, '\r\n'],
  ] as const)('takes %s %s without them', (name, _, value, tail) => {
    const read = readEnv({ ...good, [name]: ` ${value}${tail}` })
    const secrets = [read.cronSecret, read.sessionSecret, read.databaseUrl].map((each) => each.reveal())
    expect(secrets).toContain(value)
  })

  it('takes a number, an address and a list with what is around them', () => {
    const read = readEnv({
      ...good,
      PORT: '8080\n',
      APP_URL: ' https://pod.example/ ',
      TRUSTED_HOSTS: 'a:1,\r\nb:2\n',
    })
    expect([read.port, read.appUrl, ...read.trustedHosts]).toEqual([
      8080,
      'https://pod.example',
      'a:1',
      'b:2',
    ])
  })

  it.each([
    ['CRON_SECRET', `\ufeff${'c'.repeat(16)}`, 'a byte order mark (U+FEFF) at its start'],
    ['CRON_SECRET', `${'c'.repeat(16)}\u200b`, 'a zero-width space (U+200B) at its end'],
    ['SESSION_SECRET', `${'s'.repeat(16)}\u00a0${'s'.repeat(16)}`, 'a no-break space (U+00A0) inside'],
    ['OPERATOR_SECRET', `${'o'.repeat(16)}\n${'o'.repeat(16)}`, 'a line break (U+000A) inside'],
    ['APP_URL', 'https://pod.exa\u00admple', 'a soft hyphen (U+00AD) inside'],
    ['PORT', '\u202d3000', 'a character that cannot be seen (U+202D) at its start'],
    ['CRON_SECRET', `"${'c'.repeat(16)}"`, 'in quotation marks'],
    ['DATABASE_URL', `'${good.DATABASE_URL}'`, 'in quotation marks'],
    ['CRON_SECRET', `${'c'.repeat(8)} ${'c'.repeat(8)}`, 'without spaces'],
    ['CRON_SECRET', 'ü'.repeat(16), 'English letters'],
    ['APP_URL', 'https://pod.example/a b', 'spaces'],
    ['PRISM_API_URL', 'https://me:pw@prism.example', 'without a user'],
  ])('refuses %s by name where it holds what nobody sees or means: %j', (name, value, words) => {
    const detail = detailOf({ ...good, [name]: value })
    expect(detail.split('\n')).toHaveLength(1)
    expect(detail).toMatch(new RegExp(`^${name} `))
    expect(detail).toContain(words)
    expect(detail).not.toContain(value)
  })

  it.each([
    ['TRUSTED_HOSTS', 'a:1 http://b:2', '"http://b:2" is an address'],
    ['TRUSTED_HOSTS', 'a:70000', '"a:70000" has no port from 1 to 65535'],
    ['TRUSTED_HOSTS', 'a:', '"a:" has no port'],
    ['LISTEN', '0.0.0.0:80', 'the port is PORT'],
    ['LISTEN', 'http://me', 'one address of this machine'],
    ['OPERATOR_SECRET', good.CRON_SECRET, 'CRON_SECRET and OPERATOR_SECRET must not be the same'],
    ['EMBEDDED_DATABASE', 'yes', 'leave it empty'],
    ['SMTP_URL', 'smtp://u:pa#ss@mail', '%23'],
    ['SMTP_URL', 'mail.example:25', 'must start with smtp://'],
  ])('says of %s as %j what to change', (name, value, words) => {
    const more = name === 'SMTP_URL' ? { MAIL_FROM: 'pod@example.com' } : {}
    expect(detailOf({ ...good, ...more, [name]: value })).toContain(words)
  })

  it('listens on this machine alone unless it is told otherwise', () => {
    expect(readEnv(good).listen).toBe('127.0.0.1')
    expect(
      ['0.0.0.0', '::', '[::1]', 'pod.internal'].map((LISTEN) => readEnv({ ...good, LISTEN }).listen),
    ).toEqual(['0.0.0.0', '::', '::1', 'pod.internal'])
  })

  it.each([
    ['http://pod.example', false],
    ['http://192.168.1.20:3000', false],
    ['http://localhost.evil.example', false],
    ['http://127.0.0.1.nip.io', false],
    ['https://pod.example', true],
    ['http://localhost:3000', true],
    ['http://127.0.0.1:8080', true],
    ['http://pod.localhost:3000', true],
    ['http://[::1]:3000', true],
  ])(
    'takes %s as the address that people use: %s, as over plain http sessions can be read [I3]',
    (url, isTaken) => {
      expect(detailOf({ ...good, APP_URL: url })).toMatch(isTaken ? /^$/ : /^APP_URL must start with https:/)
    },
  )

  it('wants the address where Vercel runs it, whose usual one leads nobody there [I3]', () => {
    expect(detailOf({ ...good, VERCEL: '1' })).toMatch(/^APP_URL must be set: the https/)
    expect(detailOf({ ...good, VERCEL: '1', APP_URL: 'https://pod.example' })).toBe('')
  })

  it('wants a connection past a pooler, for what must keep its own, where one is said to be in front [I3]', () => {
    const unpooled = 'postgres://pod:pod@127.0.0.1:5433/pod'
    expect(detailOf({ ...good, DATABASE_POOLED: 'on' })).toMatch(/^DATABASE_URL_UNPOOLED must be set/)
    const read = readEnv({ ...good, DATABASE_POOLED: 'on', DATABASE_URL_UNPOOLED: unpooled })
    expect(read).toMatchObject({ databasePooled: true })
    expect([read.databaseUrl.reveal(), read.unpooledDatabaseUrl.reveal()]).toEqual([
      good.DATABASE_URL,
      unpooled,
    ])
    expect(readEnv(good).unpooledDatabaseUrl.reveal()).toBe(good.DATABASE_URL)
    expect(readDatabaseUrl({ ...good, DATABASE_URL_UNPOOLED: unpooled }).reveal()).toBe(unpooled)
    expect(readDatabaseUrl(good).reveal()).toBe(good.DATABASE_URL)
  })

  it('takes no secret twice, the key of stored secrets included', () => {
    const detail = detailOf({ ...good, SESSION_SECRET: good.ENCRYPTION_KEY })
    expect(detail).toBe('SESSION_SECRET and ENCRYPTION_KEY must not be the same')
  })

  it('is what .env.example and the docs/configuration.md list, no variable more or less [I3]', () => {
    const read = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8')
    const example = [...read('.env.example').matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name)
    const table = read('docs/configuration.md').split('## Variables')[1]?.split('\n## ')[0] ?? ''
    const rows = [...table.matchAll(/^\| (`[^|]+) \|/gm)].map(([, names = '']) => names)
    const listed = rows.flatMap((names) => [...names.matchAll(/`([A-Z_]+)`/g)].map(([, name]) => name))
    expect(variableNames.length).toBeGreaterThan(25)
    expect(example).toHaveLength(variableNames.length)
    expect(new Set(example)).toEqual(new Set(variableNames))
    expect(listed).toHaveLength(variableNames.length)
    expect(new Set(listed)).toEqual(new Set(variableNames))
  })
})

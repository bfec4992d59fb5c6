/** Strangers: what another site's page asks for is refused, and whoever tries passwords stops nobody else. */
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { callerTries, organisations, signInTries } from '#db/directory/tables.ts'
import { createUser } from '#db/people/people.ts'
import { hashPassword } from '#lib/auth/passwords.ts'
import { readTrustedProxy } from '#lib/base/caller-address.ts'
import {
  type ApiWorld,
  asOwner,
  type CallApi,
  call,
  owner,
  routeFiles,
  startApiWorld,
} from './testing/api-world.ts'
import { refusal } from './testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

let world: ApiWorld
let boss: CallApi
beforeAll(async () => {
  world = await startApiWorld()
  boss = await asOwner()
})
afterAll(() => world.stop())

const server = async () => (await import('#app/process/process.ts')).server()

/** How long it takes a page's own requests to be answered, in milliseconds each. */
async function timesOf(rounds: number): Promise<number[]> {
  const times: number[] = []
  for (let round = 0; round < rounds; round += 1)
    for (const path of ['/api/people', '/api/health?of=database']) {
      const began = performance.now()
      expect((await boss('GET', path)).status, path).toBe(200)
      times.push(performance.now() - began)
    }
  return times
}
const median = (times: readonly number[]): number =>
  [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0

/** What the process comes to hold from now on, beyond what it holds now. */
function highestMemory(): { stop: () => number } {
  const before = process.memoryUsage.rss()
  let highest = before
  const look = () => {
    highest = Math.max(highest, process.memoryUsage.rss())
  }
  const timer = setInterval(look, 5)
  return {
    stop() {
      clearInterval(timer)
      look()
      return (highest - before) / 2 ** 20
    },
  }
}

/** As the request of somebody at this address looks to a route. */
const from = (address: string, more: Record<string, string> = {}) => ({
  [(globalThis as { prismPodPeerHeader?: string }).prismPodPeerHeader ?? '']: address,
  ...more,
})
const signIn = (email: string, password: string, headers: Record<string, string> = {}) =>
  call('POST', '/api/session', { headers, body: { email, password } })
const nth = <T>(all: readonly T[], index: number): T => {
  const one = all[index]
  if (one === undefined) throw new Error('There are fewer')
  return one
}
const codesOf = (answers: readonly Response[]): Promise<string[]> =>
  Promise.all(answers.map(async (answer) => ((await answer.json()) as { code?: string }).code ?? 'ok'))

describe('a change that another site’s page asks for', () => {
  const foreign = [
    'https://evil.example',
    'null',
    'https://localhost:3000',
    'http://localhost:3001',
    'nonsense',
  ]

  it('is refused by every route, signed in or not, before anything is read [B6]', async () => {
    let writes = 0
    for (const file of routeFiles) {
      const handlers = Object.keys((await import(join(import.meta.dirname, file, 'route.ts'))) as object)
      for (const method of handlers.filter((name) => ['POST', 'PUT', 'PATCH', 'DELETE'].includes(name))) {
        writes += 1
        const path = `/api/${file.replaceAll(/\[[^\]]+\]/g, 'x')}`
        for (const api of [call, boss])
          for (const origin of foreign)
            expect(
              await refusal(api(method, path, { headers: { origin }, body: owner })),
              `${method} ${path} from ${origin}`,
            ).toMatchObject({ status: 403, code: 'not-allowed' })
      }
    }
    expect(writes).toBeGreaterThan(30)
  })

  it('signs nobody in, though the password is right [B6]', async () => {
    for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }]) {
      const answer = await signIn(owner.email, owner.password, headers)
      expect(answer.status).toBe(403)
      expect(answer.headers.getSetCookie()).toEqual([])
    }
    const own = { origin: 'http://localhost:3000', 'sec-fetch-site': 'same-origin' }
    expect((await signIn(owner.email, owner.password, own)).status).toBe(200)
    // By another name of this machine, on whose pages the browser then is.
    const lan = { origin: 'http://pod.lan:3000', host: 'pod.lan:3000' }
    expect((await signIn(owner.email, owner.password, lan)).status).toBe(200)
  })

  it('does not link a PRISM account to whoever follows it [B2]', async () => {
    const visit = call('GET', '/api/session/prism?purpose=link', {
      headers: { 'sec-fetch-site': 'cross-site' },
    })
    expect(await refusal(visit)).toMatchObject({ code: 'not-allowed' })
  })
})

describe('passwords', () => {
  it('that eighty people and strangers try at once make nobody else wait, and are put off rather than piled up [B6]', async () => {
    const { db } = await server()
    const { id: organisationId } = nth(await db.select().from(organisations), 0)
    const password = 'quiet rivers of the north'
    const passwordHash = await hashPassword(password)
    const emails = ['ann', 'bea', 'cem', 'dov', 'eli', 'fay', 'gil', 'hal'].map(
      (name) => `${name}@northwind.example`,
    )
    for (const email of emails) await createUser(db, organisationId, { email, role: 'viewer', passwordHash })
    const alone = await timesOf(30)
    // Of each person's address ten tries, every other one with a wrong password, each from another network.
    const tries = Array.from({ length: 80 }, (_, n) => ({
      email: nth(emails, n % 8),
      isGuess: Math.floor(n / 8) % 2 === 1,
      caller: `9.7.${n}.1`,
    }))
    const memory = highestMemory()
    const began = performance.now()
    const flood = Promise.all(
      tries.map(({ email, isGuess, caller }) =>
        signIn(email, isGuess ? 'wrong-password' : password, from(caller)),
      ),
    )
    const answered = flood.then(() => true)
    const meanwhile: number[] = []
    while (!(await Promise.race([answered, Promise.resolve(false)]))) meanwhile.push(...(await timesOf(1)))
    const answers = await flood
    const lastedMs = performance.now() - began
    const grownMb = memory.stop()
    // Before and after, as other work on this machine comes and goes.
    alone.push(...(await timesOf(30)))
    const ratio = median(meanwhile) / median(alone)
    const slowestMs = Math.max(...meanwhile)
    console.log(
      `another route beside 80 sign-ins: ${ratio.toFixed(1)} x, at most ${slowestMs.toFixed(0)} of ${lastedMs.toFixed(0)} ms ` +
        `(${meanwhile.length} requests); ${grownMb.toFixed(0)} MB more`,
    )
    // It was more than 600 before there was a queue; two cores full of hashing cost a few.
    expect(ratio).toBeLessThan(25)
    // None waited until all of them were through.
    expect(slowestMs).toBeLessThan(0.75 * lastedMs)
    // Two passwords at a time take 64 MB each; four, which Node would look at, 256.
    expect(grownMb).toBeLessThan(2 * 64 + 64)

    const codes = await codesOf(answers.map((answer) => answer.clone()))
    const ends = tries.map((each, index) => ({ ...each, code: codes[index] }))
    // Whoever had the password heard so or was put off, and no guess was let in.
    expect(ends.filter(({ isGuess, code }) => !isGuess && code === 'sign-in-refused')).toEqual([])
    expect(ends.filter(({ isGuess, code }) => isGuess && code === 'ok')).toEqual([])
    const of = (code: string) => ends.filter((end) => end.code === code)
    expect(of('ok').length + of('sign-in-refused').length).toBeGreaterThan(0)
    expect(of('ok').length + of('sign-in-refused').length + of('too-many-requests').length).toBe(80)
    expect(of('too-many-requests').length).toBeGreaterThan(40)
    for (const answer of answers.filter(({ status }) => status === 429))
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    // The limit of guesses is a person's, however many networks they come from; what was not looked at locked nobody out.
    for (const email of emails) {
      const looked = of('sign-in-refused').filter((end) => end.email === email).length
      expect(looked).toBeLessThanOrEqual(5)
      if (looked < 5) expect((await signIn(email, password, from('9.6.1.1'))).status, email).toBe(200)
    }
  })

  it('tried at one address after the other run out for the caller, who cannot name another [B6]', async () => {
    const { db } = await server()
    // Most of the allowance, without the wait for so many passwords.
    const used = sql`now() + interval '30 seconds' * 17`
    await db.insert(callerTries).values({ kind: 'password', caller: '9.9.9.7', forgottenAt: used })
    const sprayed = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        signIn(`one${index}@x.example`, 'wrong', from('9.9.9.7', { 'x-forwarded-for': `9.9.8.${index}` })),
      ),
    )
    const codes = await codesOf(sprayed)
    expect(codes.filter((code) => code === 'sign-in-refused')).toHaveLength(3)
    expect(codes.filter((code) => code === 'too-many-requests')).toHaveLength(57)
    const last = await signIn(owner.email, owner.password, from('9.9.9.7'))
    expect(last.status).toBe(429)
    expect(Number(last.headers.get('retry-after'))).toBeLessThanOrEqual(30)
    // Somebody elsewhere is not concerned, and success uses nothing up.
    expect((await signIn(owner.email, owner.password, from('9.9.9.8'))).status).toBe(200)
    const busy = await db.select().from(callerTries).where(sql`forgotten_at > now() + interval '1 second'`)
    expect(busy.map(({ caller }) => caller)).toContain('9.9.9.7')
    expect(busy.map(({ caller }) => caller)).not.toContain('9.9.9.8')
  })

  it('leave nothing behind for ever: what counts no more is deleted with later tries [B6]', async () => {
    const { db } = await server()
    const count = 150
    await db.execute(sql`INSERT INTO sign_in_tries SELECT 'old ' || n, 1, now() - interval '2 days', now() - interval '2 days'
      FROM generate_series(1, ${count}::int) n`)
    await db.execute(sql`INSERT INTO caller_tries SELECT 'password', 'old ' || n, now() - interval '1 second'
      FROM generate_series(1, ${count}::int) n`)
    for (let tries = 0; tries < 2; tries += 1) await signIn(owner.email, owner.password, from('9.9.9.9'))
    expect(await db.$count(signInTries, sql`identifier LIKE 'old %'`)).toBe(0)
    expect(await db.$count(callerTries, sql`caller LIKE 'old %'`)).toBe(0)
  })
})

describe('the caller', () => {
  it('is told by what stands in front: nothing, a proxy that is named, or Vercel [B6]', async () => {
    const { callerOf } = await import('#app/http/caller.ts')
    const { env } = await server()
    const caller = (headers: Record<string, string>) => callerOf({ headers: new Headers(headers) })
    const spoofed = {
      'x-forwarded-for': '1.2.3.4',
      'x-real-ip': '1.2.3.4',
      'x-vercel-forwarded-for': '1.2.3.4',
    }
    expect(caller(spoofed)).toEqual({ name: 'unknown', isShared: true })
    expect(caller(from('9.9.9.7', spoofed))).toEqual({ name: '9.9.9.7', isShared: false })
    expect(caller(from('2620:fe:1:2:3::4'))).toEqual({ name: '2620:fe:1:2::/64', isShared: false })
    // Next itself says so of a request without the header.
    expect(caller(from('127.0.0.1', { 'x-forwarded-for': '127.0.0.1' })).isShared).toBe(false)
    // A proxy of our own network that nobody named: all come by it.
    expect(caller(from('10.0.0.1', { 'x-forwarded-for': '9.9.9.7' }))).toEqual({
      name: '10.0.0.1',
      isShared: true,
    })
    Object.assign(env, { trustedProxy: readTrustedProxy('10.0.0.0/8') })
    expect(caller(from('10.0.0.1', { 'x-forwarded-for': '1.2.3.4, 9.9.9.7' }))).toEqual({
      name: '9.9.9.7',
      isShared: false,
    })
    Object.assign(env, { trustedProxy: null, isOnVercel: true })
    expect(caller(from('127.0.0.1', { ...spoofed, 'x-vercel-forwarded-for': '9.9.9.7' })).name).toBe(
      '9.9.9.7',
    )
    Object.assign(env, { isOnVercel: false })
  })
})

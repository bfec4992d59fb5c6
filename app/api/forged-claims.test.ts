/** A thousand forged claims of ConnectWise members: no session, one answer, and nobody real is kept out. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startConnectWise } from '../../standin/connectwise/server.ts'
import { connectWiseSeed } from '../../standin/data/index.ts'
import { type ApiWorld, asOwner, type CallApi, startApiWorld } from './testing/api-world.ts'
import { askSession, type Claim, claimOf, publicIdOf } from './testing/members.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

const OFFICE = '9.9.9.1'
let world: ApiWorld
let boss: CallApi
let org: string
let clerk: Claim
let technician: Claim
let elsewhere: Awaited<ReturnType<typeof startConnectWise>>
beforeAll(async () => {
  world = await startApiWorld()
  boss = await asOwner()
  await boss('PUT', '/api/connections/connectwise', { body: world.connectWiseInput })
  org = await publicIdOf(boss)
  clerk = await claimOf(world.connectWise, 'GClerk')
  technician = await claimOf(world.connectWise, 'TTech')
  const seed = connectWiseSeed()
  const members = seed.records.members?.map((row) => ({
    ...row,
    memberHash: `elsewhere-${String(row['identifier'])}`,
  }))
  elsewhere = await startConnectWise({
    seed: { ...seed, records: { ...seed.records, members: members ?? [] } },
  })
})
afterAll(async () => {
  await elsewhere.close()
  await world.stop()
})

/** As the request of somebody at this address looks to a route. */
const from = (address: string) => ({
  [(globalThis as { prismPodPeerHeader?: string }).prismPodPeerHeader ?? '']: address,
})
const ask = (claim: Claim, address: string) => askSession({ org, claim, headers: from(address) })

/** How often ConnectWise was asked who a member is; once by each of two proofs. */
const timesAsked = (): number =>
  Object.entries(world.connectWise.requests.report().byRoute).reduce(
    (sum, [route, times]) => (/myMembers/i.test(route) ? sum + times : sum),
    0,
  )

/** All that is the same for everybody: what is left is the request's own name. */
async function answered(answer: Response): Promise<string> {
  const { requestId: _, ...body } = (await answer.json()) as Record<string, unknown>
  const headers = [...answer.headers].filter(([name]) => name !== 'x-request-id')
  return JSON.stringify([answer.status, headers, body])
}

/** @param index of the claim, so that none is like another */
const forgeries: Record<string, (index: number) => Claim | Promise<Claim>> = {
  'a wrong hash': (index) => ({ ...clerk, memberHash: `wrong-${index}` }),
  'a colleague’s hash': (index) => ({
    ...technician,
    memberHash: clerk.memberHash,
    memberContext: `web${index}`,
  }),
  'another company': () => ({ ...clerk, companyId: 'contoso' }),
  'another site': () => ({ ...clerk, site: 'https://na.myconnectwise.net.evil.example/' }),
  'a claim of another organisation’s ConnectWise': async () => {
    const { memberId, memberHash, memberContext } = await claimOf(elsewhere, 'GClerk')
    return { memberId, memberHash, memberContext }
  },
  'an invented name': (index) => ({ ...clerk, memberId: `nobody${index}` }),
  'a hash of 100,000 characters': () => ({ ...clerk, memberHash: 'x'.repeat(100_000) }),
  'a name of 5,000 characters': (index) => ({ ...clerk, memberId: `${index}`.padEnd(5_000, 'x') }),
  'a line break in the context': () => ({ ...clerk, memberContext: 'web\r\nCookie: memberId=owner' }),
  'a right hash and a site of 5,000 characters': () => ({ ...clerk, site: 'x'.repeat(5_000) }),
  'no hash': () => ({ ...clerk, memberHash: undefined }) as never,
  'a zero character': () => ({ ...clerk, memberHash: 'a\u0000b' }),
}
const kinds = Object.keys(forgeries)

describe('a thousand forged claims, two hundred at once', () => {
  it('make no session, are answered alike whatever is wrong, and keep no real member out [H4]', async () => {
    // The clerk was here this morning; the technician never was.
    expect((await ask(clerk, OFFICE)).status).toBe(200)
    world.connectWise.requests.reset()
    const { db } = (await import('#app/process/process.ts')).server()
    const { memberChecks } = await import('#db/people/tables.ts')
    const { sql } = await import('drizzle-orm')
    const answers = new Set<string>()
    const fastest = new Map<string, number>()
    for (let batch = 0; batch < 5; batch += 1) {
      const forged = Array.from({ length: 200 }, async (_, each) => {
        const index = batch * 200 + each
        const kind = kinds[index % kinds.length] ?? ''
        const claim = await forgeries[kind]?.(index)
        if (claim === undefined) throw new Error(kind)
        // Half of them from the office itself.
        const began = performance.now()
        const answer = await ask(claim, each % 2 === 0 ? OFFICE : '9.9.9.66')
        const ms = performance.now() - began
        fastest.set(kind, Math.min(ms, fastest.get(kind) ?? ms))
        expect(answer.headers.getSetCookie(), kind).toEqual([])
        answers.add(await answered(answer))
      })
      // Proved longer ago than is taken without asking.
      await db.update(memberChecks).set({ checkedAt: sql`checked_at - interval '10 minutes'` })
      const meanwhile = Promise.all([ask(clerk, OFFICE), ask(clerk, '9.9.9.2')])
      await Promise.all(forged)
      for (const real of await meanwhile) expect(real.status, `batch ${batch}`).toBe(200)
    }
    expect(answers.size).toBe(1)
    expect([...answers][0]).toContain('sign-in-refused')
    for (const kind of kinds) expect(fastest.get(kind), kind).toBeGreaterThan(990)
    // Of each address fifteen of known names each and fifteen of invented ones, some more as time goes on; each asks twice.
    expect(timesAsked()).toBeLessThan(260)
    // Who was never here, elsewhere; who was, with a new hash, elsewhere.
    expect((await ask(technician, '9.9.9.3')).status).toBe(200)
    const { store } = world.connectWise
    const [row] = store.all('members').filter(({ identifier }) => identifier === 'GClerk')
    Object.assign(row ?? {}, { memberHash: 'of-a-new-sign-in' })
    expect((await ask({ ...clerk, memberHash: 'of-a-new-sign-in' }, '9.9.9.4')).status).toBe(200)
  })

  it('of one member count for that one alone, exactly, however many come at once [H4]', async () => {
    world.connectWise.requests.reset()
    const guess = (memberId: string, index: number) =>
      ask({ ...clerk, memberId, memberHash: `guess-${index}` }, '9.9.9.7')
    await Promise.all(Array.from({ length: 200 }, (_, index) => guess('gclerk', index)))
    expect(timesAsked()).toBe(2 * 15)
    await Promise.all(Array.from({ length: 40 }, (_, index) => guess(`invented${index}`, index)))
    expect(timesAsked()).toBe(2 * 30)
    await Promise.all(Array.from({ length: 40 }, (_, index) => guess('ttech', index)))
    expect(timesAsked()).toBe(2 * 45)
  })

  it('are no way to flood a ConnectWise that fails, and count as nobody’s failure [H4]', async () => {
    world.connectWise.requests.reset()
    world.connectWise.faults.add([{ kind: '500', path: '*/myMembers/info' }])
    const flood = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        ask({ ...technician, memberHash: `flood-${index}` }, '9.9.9.8'),
      ),
    )
    world.connectWise.faults.clear()
    expect(timesAsked()).toBeLessThanOrEqual(60)
    expect(flood.every(({ status }) => status === 401 || status === 502 || status === 503)).toBe(true)
    // One whom the outage met may come again.
    const { db } = (await import('#app/process/process.ts')).server()
    const { memberChecks } = await import('#db/people/tables.ts')
    await db.delete(memberChecks)
    expect((await ask(technician, '9.9.9.9')).status).toBe(200)
  })
})

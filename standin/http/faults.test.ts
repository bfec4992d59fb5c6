import { afterEach, describe, expect, it } from 'vitest'
import { additionsPath, newAddition, startTiny } from '../connectwise/testing.ts'
import { startPrism } from '../prism/prism.ts'
import { partner } from '../prism/testing.ts'
import { type FaultKind, type FaultRule, faultKinds } from './faults.ts'

const running: { close: () => Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.close()))
})

interface Expected {
  /** What the client sees: a status, or that no whole answer came. */
  readonly seen: number | 'no answer'
  /** Whether the write took effect. */
  readonly effect: boolean
  readonly rule?: Partial<FaultRule>
}

const expected: Readonly<Record<FaultKind, Expected>> = {
  latency: { seen: 201, effect: true, rule: { ms: 60 } },
  '429': { seen: 429, effect: false, rule: { retryAfter: 3 } },
  '500': { seen: 500, effect: false, rule: { message: 'Out of order.' } },
  '403': { seen: 403, effect: false },
  'expired-token': { seen: 401, effect: false },
  'cut-before': { seen: 'no answer', effect: false },
  'cut-after': { seen: 'no answer', effect: true },
  'truncated-json': { seen: 'no answer', effect: true },
  timeout: { seen: 'no answer', effect: false, rule: { ms: 60 } },
  'slow-body': { seen: 201, effect: true, rule: { ms: 60 } },
  stale: { seen: 201, effect: true },
}

/** Status and JSON of a call, or that there was none that could be read; how long it took. */
async function outcome(call: () => Promise<Response>) {
  const before = performance.now()
  try {
    const response = await call()
    await response.json()
    const retryAfter = response.headers.get('retry-after')
    return { seen: response.status, retryAfter, ms: performance.now() - before }
  } catch {
    return { seen: 'no answer' as const, retryAfter: null, ms: performance.now() - before }
  }
}

const setFaults = (url: string, rules: unknown) =>
  fetch(`${url}/control/faults`, { method: 'POST', body: JSON.stringify(rules) })

const kinds = faultKinds.map((kind) => ({ kind, ...expected[kind] }))

describe('each kind of fault on ConnectWise', () => {
  async function started() {
    const connectWise = await startTiny()
    running.push(connectWise)
    const create = () =>
      fetch(`${connectWise.url}/v2025_1/apis/3.0/${additionsPath}`, {
        method: 'POST',
        headers: {
          authorization: `Basic ${Buffer.from('acme+pub:priv').toString('base64')}`,
          clientid: 'any',
          'content-type': 'application/json',
        },
        body: JSON.stringify(newAddition()),
      })
    return { ...connectWise, create }
  }

  it.each(kinds)('$kind: the client sees $seen, effect $effect', async ({ kind, seen, effect, rule }) => {
    const { url, create, store } = await started()
    await setFaults(url, { kind, method: 'POST', path: '*additions', nth: 1, ...rule })
    const struck = await outcome(create)
    expect(struck.seen).toBe(seen)
    expect(store.additionsOf(30)).toHaveLength(effect ? 1 : 0)
    if (rule?.ms !== undefined) expect(struck.ms).toBeGreaterThanOrEqual(50)
    expect(struck.retryAfter).toBe(kind === '429' ? '3' : null)
    expect((await outcome(create)).seen).toBe(201)
    expect(store.additionsOf(30)).toHaveLength(effect ? 2 : 1)
  })

  it.each(kinds.filter(({ kind }) => kind !== 'timeout'))(
    '$kind: who watches is told of it before the answer, after an effect that it leaves',
    async ({ kind, effect, rule }) => {
      const { create, store, faults } = await started()
      faults.add([{ kind, method: 'POST', nth: 1, ...rule }])
      const told: (readonly [FaultKind, number])[] = []
      faults.watch((struck) => told.push([struck.kind, store.additionsOf(30).length]))
      await outcome(create)
      expect(told).toEqual([[kind, effect && kind !== 'latency' ? 1 : 0]])
    },
  )

  it('a rule for writes counts what changes something, and no reading', async () => {
    const { url, create, call, store } = await started()
    await setFaults(url, { kind: 'cut-before', method: 'write', path: '*/additions*', nth: 2 })
    await call('GET', additionsPath)
    expect((await outcome(create)).seen).toBe(201)
    await call('GET', additionsPath)
    const [first] = store.additionsOf(30)
    await expect(call('DELETE', `${additionsPath}/${first?.id}`)).rejects.toThrow()
    expect(store.additionsOf(30)).toHaveLength(1)
  })

  it('timeout with effectAfterMs: no answer, and the effect all the same, later', async () => {
    const { url, create, store } = await started()
    await setFaults(url, { kind: 'timeout', method: 'POST', nth: 1, effectAfterMs: 80, ms: 10 })
    const gaveUp = await outcome(() => Promise.race([create(), rejectedAfter(30)]))
    expect(gaveUp.seen).toBe('no answer')
    expect(store.additionsOf(30)).toHaveLength(0)
    await expect.poll(() => store.additionsOf(30).length).toBe(1)
  })
})

async function rejectedAfter(ms: number): Promise<never> {
  await new Promise((resolve) => setTimeout(resolve, ms))
  throw new Error('the client gave up')
}

describe('each kind of fault on PRISM', () => {
  it.each(kinds)('$kind: the client sees $seen, effect $effect', async ({ kind, seen, effect, rule }) => {
    const nora = { name: 'Nora Field', email: 'nora@northwind.example', password: 'right' }
    const prism = await startPrism({ seed: { partners: [partner({ people: [nora] })] }, issuedAtStart: 1 })
    running.push(prism)
    const { access_token: token } = prism.tokens.grant({ customerId: 100, person: nora, revoked: false })
    const generate = () =>
      fetch(`${prism.url}/api/v1/me/clients`, {
        method: 'POST',
        headers: { authorization: `Bearer ${String(token)}` },
        body: JSON.stringify({ ClientName: 'Prism Pod', Email: nora.email }),
      })
    await setFaults(prism.url, { kind, method: 'POST', nth: 1, ...rule })
    expect((await outcome(generate)).seen).toBe(seen)
    expect(prism.store.clientsOf(100)).toHaveLength(effect ? 1 : 0)
    expect((await outcome(generate)).seen).toBe(201)
  })
})

describe('a scenario', () => {
  it('strikes the same requests in the same way from the same seed, and others from another', async () => {
    const play = async (seed: number) => {
      const connectWise = await startTiny()
      running.push(connectWise)
      await setFaults(connectWise.url, { scenario: { seed, share: 0.1, rule: { ms: 1 } } })
      const seen: (number | string)[] = []
      for (let count = 0; count < 60; count++)
        seen.push((await outcome(() => fetch(`${connectWise.url}/login/companyinfo/acme?${count}`))).seen)
      return seen
    }
    const [one, again, other] = [await play(7), await play(7), await play(8)]
    expect(again).toEqual(one)
    expect(other).not.toEqual(one)
    expect(new Set(one).size).toBeGreaterThan(4)
  })

  it.each([
    { seed: 1 },
    { seed: 1.5, share: 0.1 },
    { seed: 1, share: 2 },
    { seed: 1, share: 0.1, kinds: ['rain'] },
  ])('that is none is refused: %o', async (scenario) => {
    const connectWise = await startTiny()
    running.push(connectWise)
    expect((await setFaults(connectWise.url, { scenario })).status).toBe(400)
  })
})

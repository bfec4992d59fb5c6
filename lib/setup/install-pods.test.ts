/** Installing, repairing and removing our pods, on a ConnectWise with and without the Agreement screen (H5). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ProductError } from '#lib/base/errors.ts'
import { createGuard } from '#lib/base/guarded-fetch.ts'
import { Secret } from '#lib/base/secrets.ts'
import { createConnectWiseClient } from '#lib/connectwise/client.ts'
import { ConnectWiseError } from '#lib/connectwise/errors.ts'
import { startTiny } from '#standin/connectwise/testing.ts'
import { installPods, lookAtPods, type PodsContext, removePods } from './install-pods.ts'
import { podNames } from './our-pods.ts'

const OLD = 'http://old.example:3000'
const NEW = 'https://pods.example'
const SETUPS = 'system/connectwisehostedsetups'

let connectWise: Awaited<ReturnType<typeof startTiny>>
beforeEach(async () => {
  connectWise = await startTiny()
})
afterEach(() => connectWise.close())

function contextOf(more: Partial<PodsContext> = {}): PodsContext {
  const client = createConnectWiseClient({
    site: connectWise.url,
    companyId: 'acme',
    publicKey: 'pub',
    privateKey: new Secret('priv'),
    clientId: 'any',
    codebase: 'v2025_1',
    guard: createGuard({ trustedHosts: new Set([new URL(connectWise.url).host]) }),
    retries: { tries: 2, firstWaitMs: 1, longestWaitMs: 10 },
  })
  const owner = { appUrl: NEW, publicId: 'our-organisation' }
  return { ...owner, connectWise: client, clientId: null, mayWrite: async () => {}, ...more }
}
const input = { pods: podNames }
const ofEach = <T>(value: T): T[] => podNames.map(() => value)
const rows = () => connectWise.store.all('hostedSetups')
const statesOf = async (ctx: PodsContext) => (await lookAtPods({ ctx })).map(({ state }) => state)
const faultsOf = async (ctx: PodsContext) =>
  (await lookAtPods({ ctx })).map(({ faults }) => faults.map(({ code }) => code))
const installed = async (ctx: PodsContext) =>
  (await installPods({ ctx, input })).pods.map(({ state }) => state)
const edit = (id: number, fields: object) =>
  connectWise.call(
    'PATCH',
    `${SETUPS}/${id}`,
    Object.entries(fields).map(([path, value]) => ({ op: 'replace', path, value })),
  )
const offer = (hostsAgreements: boolean) => connectWise.call('PUT', '/control/unknowns', { hostsAgreements })

describe('pods on a ConnectWise with the Agreement screen', () => {
  it('are installed as ConnectWise must be told, each once [H5]', async () => {
    const ctx = contextOf({ clientId: 'd3b07384-d113-4ec6-a7a5-2f0c2a1b9f10' })
    expect(await statesOf(ctx)).toEqual(['absent', 'absent', 'absent'])
    expect(await installed(ctx)).toEqual(['created', 'created', 'created'])
    const tokens = 'org=our-organisation&id=[cw_id]&screen=[cw_screen]'
    const shared = { origin: NEW, disabledFlag: false, clientId: 'd3b07384-d113-4ec6-a7a5-2f0c2a1b9f10' }
    expect(rows()).toMatchObject([
      { ...shared, screenId: 12, type: 'Pod', podHeight: 480, url: `${NEW}/pods/agreement?${tokens}` },
      { ...shared, screenId: 8, type: 'Pod', podHeight: 300, url: `${NEW}/pods/company?${tokens}` },
      { ...shared, screenId: 8, type: 'Tab', url: `${NEW}/tabs/company?${tokens}` },
    ])
    expect(rows()[2]).not.toHaveProperty('podHeight')
    expect(await installed(ctx)).toEqual(['unchanged', 'unchanged', 'unchanged'])
    expect(rows()).toHaveLength(3)
  })

  it('follow the app to another address by a repair, and none is made beside them [H5]', async () => {
    await installed(contextOf({ appUrl: OLD }))
    const ctx = contextOf()
    expect(await statesOf(ctx)).toEqual(['faulty', 'faulty', 'faulty'])
    const [first] = await lookAtPods({ ctx })
    expect(first?.faults).toEqual([
      { code: 'address', message: `It opens ${OLD}, but Prism Pod is at ${NEW}.` },
      {
        code: 'origin',
        message: `Its Origin is ${OLD} instead of ${NEW}, so that ConnectWise and the pod cannot talk to each other.`,
      },
    ])
    const ids = rows().map(({ id }) => id)
    expect(await installed(ctx)).toEqual(['updated', 'updated', 'updated'])
    expect(rows().map(({ id, origin }) => [id, origin])).toEqual(ids.map((id) => [id, NEW]))
    expect(await statesOf(ctx)).toEqual(['installed', 'installed', 'installed'])
  })

  it.each([
    ['disabled', { disabledFlag: true }],
    ['height', { podHeight: 90 }],
    ['origin', { origin: '*' }],
    ['screen', { screenId: 3 }],
    ['type', { type: 'Tab' }],
    ['address', { url: `${NEW}/pods/company?id=[cw_id]` }],
    ['address', { url: `${NEW}/pods/company?org=our-organisation` }],
  ])('are repaired where somebody changed the %s: %o [H5]', async (code, change) => {
    const ctx = contextOf()
    await installed(ctx)
    const { id } = rows()[1] ?? { id: 0 }
    await edit(id, { ...change, description: 'Our licences' })
    expect(await faultsOf(ctx)).toEqual([[], [code], []])
    expect(await installed(ctx)).toEqual(['unchanged', 'updated', 'unchanged'])
    expect(await faultsOf(ctx)).toEqual([[], [], []])
    // The title is the partner's.
    expect(rows().find((row) => row.id === id)).toMatchObject({ description: 'Our licences', screenId: 8 })
    expect(rows()).toHaveLength(3)
  })

  it('that are there twice: the one that is right stays [H5]', async () => {
    const ctx = contextOf()
    await installed(ctx)
    const right = rows()[0]
    const wrong = { ...right, id: undefined, podHeight: 10 }
    await connectWise.call('DELETE', `${SETUPS}/${right?.id}`)
    await connectWise.call('POST', SETUPS, wrong)
    await connectWise.call('POST', SETUPS, { ...right, id: undefined })
    expect(await faultsOf(ctx)).toEqual([['copies'], [], []])
    expect(await installed(ctx)).toEqual(['updated', 'unchanged', 'unchanged'])
    const agreementPods = rows().filter(({ screenId }) => screenId === 12)
    expect(agreementPods).toMatchObject([{ podHeight: 480 }])
    expect(await faultsOf(ctx)).toEqual([[], [], []])
  })

  it('of another organisation or another vendor are told of, and neither repaired nor removed [H5]', async () => {
    await installed(contextOf({ publicId: 'another-organisation' }))
    const vendors = [
      { description: 'Tickets', url: 'https://vendor.example/pods/agreement?id=[cw_id]' },
      { description: 'No address', url: 'nothing' },
      { description: 'Ours, of another page', url: `${NEW}/pods/agreement/more?org=our-organisation` },
    ]
    for (const vendor of vendors)
      await connectWise.call('POST', SETUPS, { screenId: 12, type: 'Pod', ...vendor })
    const before = rows()
    const ctx = contextOf()
    const found = await lookAtPods({ ctx })
    expect(found.map(({ state, others }) => [state, others.length])).toEqual(ofEach(['absent', 1]))
    expect(await installed(ctx)).toEqual(['created', 'created', 'created'])
    const removed = await removePods({ ctx, input })
    expect(removed).toMatchObject({ failure: null, pods: ofEach({ removed: 1 }) })
    expect(rows()).toEqual(before)
  })

  it('are removed, copies and disabled ones too, however often that is asked [H5]', async () => {
    const ctx = contextOf()
    await installed(ctx)
    const [agreementPod] = rows()
    await connectWise.call('POST', SETUPS, { ...agreementPod, id: undefined, disabledFlag: true })
    const remove = async () => (await removePods({ ctx, input: { pods: ['agreement-pod'] } })).pods
    expect(await remove()).toEqual([{ pod: 'agreement-pod', screen: 'agreement', removed: 2 }])
    expect(await remove()).toEqual([{ pod: 'agreement-pod', screen: 'agreement', removed: 0 }])
    expect(rows().map(({ screenId }) => screenId)).toEqual([8, 8])
  })

  it('that vanish under a repair are made anew, and under a removal are removed [H5]', async () => {
    const ctx = contextOf()
    await installed(ctx)
    const [agreementPod] = rows()
    await edit(agreementPod?.id ?? 0, { podHeight: 1 })
    const vanish = async () => void (await connectWise.call('DELETE', `${SETUPS}/${rows()[0]?.id}`))
    let isFirst = true
    const once = async () => {
      if (isFirst) await vanish()
      isFirst = false
    }
    expect(await installed({ ...ctx, mayWrite: once })).toEqual(['created', 'unchanged', 'unchanged'])
    isFirst = true
    expect(await removePods({ ctx: { ...ctx, mayWrite: once }, input })).toMatchObject({ failure: null })
    expect(rows()).toEqual([])
  })

  it('are waited for where ConnectWise’s lists show a write late, so that the next press makes no second one [H5]', async () => {
    await connectWise.call('PUT', '/control/stale-reads', { ms: 900, only: ['hostedSetups'] })
    const ctx = contextOf()
    await installed(ctx)
    expect(await installed(ctx)).toEqual(['unchanged', 'unchanged', 'unchanged'])
    await removePods({ ctx, input })
    expect(await statesOf(ctx)).toEqual(['absent', 'absent', 'absent'])
  })
})

describe('pods on a ConnectWise without the Agreement screen', () => {
  beforeEach(() => offer(false))

  it('are the company’s pod and tab alone [H5][H2]', async () => {
    const ctx = contextOf()
    expect(await statesOf(ctx)).toEqual(['not-offered', 'absent', 'absent'])
    expect(await installed(ctx)).toEqual(['missing', 'created', 'created'])
    expect(rows().map(({ screenId, type }) => [screenId, type])).toEqual([
      [8, 'Pod'],
      [8, 'Tab'],
    ])
    const moved = contextOf({ appUrl: OLD })
    expect(await statesOf(moved)).toEqual(['not-offered', 'faulty', 'faulty'])
    expect(await installed(moved)).toEqual(['missing', 'updated', 'updated'])
    expect((await removePods({ ctx: moved, input })).pods.map(({ removed }) => removed)).toEqual([0, 1, 1])
    expect(rows()).toEqual([])
  })

  it('can lose the one that is left on a screen that was offered once [H5]', async () => {
    await offer(true)
    const ctx = contextOf()
    await installed(ctx)
    await offer(false)
    const [agreementPod] = await lookAtPods({ ctx })
    expect(agreementPod).toMatchObject({ state: 'not-offered', setups: [{ screenId: 12 }] })
    await removePods({ ctx, input: { pods: ['agreement-pod'] } })
    expect(rows().map(({ screenId }) => screenId)).toEqual([8, 8])
  })
})

describe('what goes wrong with pods', () => {
  const deny = (...denied: string[]) => connectWise.call('PUT', '/control/role', { denied })
  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => 'nothing',
      (error: unknown) => (error instanceof ProductError ? error.code : error),
    )

  it('is a missing right where the role lacks one, by each level [H5]', async () => {
    const ctx = contextOf()
    await deny('General/Manage Hosted API')
    expect(await codeOf(lookAtPods({ ctx }))).toBe('pods-denied')
    await deny('General/Manage Hosted API:Add')
    expect(await installPods({ ctx, input })).toMatchObject({ pods: [], failure: { pod: 'agreement-pod' } })
    await deny()
    await installed(contextOf({ appUrl: OLD }))
    await deny('General/Manage Hosted API:Edit')
    expect(await installPods({ ctx, input })).toMatchObject({ failure: { error: { code: 'pods-denied' } } })
    await deny('General/Manage Hosted API:Delete')
    expect(await removePods({ ctx, input })).toMatchObject({ failure: { error: { code: 'pods-denied' } } })
    expect(rows()).toHaveLength(3)
  })

  it.each([
    [401, 'pods-denied'],
    [404, 'pods-not-offered'],
    [403, 'pods-denied'],
    [429, 'too-many-requests'],
    [400, 'pods-refused'],
  ])('by status %i of hosted screens alone is %s', async (status, code) => {
    const ctx = contextOf()
    const refused = new ConnectWiseError({
      outcome: 'refused',
      status,
      message: 'No.',
      remoteCode: '',
      fieldErrors: [],
      retryAfterMs: null,
      method: 'GET',
      path: '/system/connectwisehostedsetups',
    })
    const hostedSetups = () => Promise.reject(refused)
    expect(
      await codeOf(lookAtPods({ ctx: { ...ctx, connectWise: { ...ctx.connectWise, hostedSetups } } })),
    ).toBe(code)
  })

  it('is the keys where all of ConnectWise refuses them', async () => {
    await connectWise.call('POST', '/control/faults', { kind: 'expired-token' })
    expect(await codeOf(lookAtPods({ ctx: contextOf() }))).toBe('connectwise-keys-refused')
  })

  it('is no answer to a read, which changed nothing, or to a write, which the next press finds out [H5]', async () => {
    const ctx = contextOf()
    await connectWise.call('POST', '/control/faults', { kind: '500', times: 4 })
    expect(await codeOf(lookAtPods({ ctx }))).toBe('pods-unreachable')
    await connectWise.call('DELETE', '/control/faults')
    // The second pod is made, and ConnectWise's answer is lost.
    await connectWise.call('POST', '/control/faults', { kind: 'cut-after', method: 'POST', nth: 2 })
    expect(await installPods({ ctx, input })).toMatchObject({
      pods: [{ pod: 'agreement-pod', state: 'created' }],
      failure: { pod: 'company-pod', error: { code: 'pods-unanswered' } },
    })
    expect(await installed(ctx)).toEqual(['unchanged', 'unchanged', 'created'])
    expect(rows()).toHaveLength(3)
  })

  it('is ConnectWise’s own refusal of what was sent, in its words', async () => {
    const long = contextOf({ publicId: 'x'.repeat(1000) })
    const { failure } = await installPods({ ctx: long, input })
    expect(failure?.error).toMatchObject({ code: 'pods-refused' })
    expect(failure?.error.detail).toContain('maximum length of 1024')
  })
})

/** The installer of our pods through the API: what is there, install, repair, remove, and every way in which it fails (H5). */
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { podNames } from '#lib/setup/our-pods.ts'
import { auditSchema } from './schemas/audit.ts'
import { hostedSetupsSchema, installedPodsSchema, removedPodsSchema } from './schemas/hosted-setups.ts'
import { APP_URL, type ApiWorld, asOwner, type CallApi, settled, startApiWorld } from './testing/api-world.ts'
import { notAnswered } from './testing/contract-of.ts'
import { readAnswer, refusal } from './testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

const PATH = '/api/hosted/setups'
let world: ApiWorld
let api: CallApi

beforeAll(async () => {
  world = await startApiWorld()
  api = await asOwner()
})
afterAll(() => world.stop())
beforeEach(() => control('POST', 'reset', {}))

const control = async (method: string, path: string, body: unknown): Promise<void> => {
  await fetch(`${world.connectWise.url}/control/${path}`, { method, body: JSON.stringify(body) })
}
const ofEach = <T>(value: T): T[] => podNames.map(() => value)
const rows = () => world.connectWise.store.all('hostedSetups')
const look = () => readAnswer(api, hostedSetupsSchema, 'GET', PATH)
const states = async () => (await look()).pods.map(({ state }) => state)
const install = async (body?: object) =>
  (await readAnswer(api, installedPodsSchema, 'POST', PATH, body)).pods.map(({ state }) => state)
const remove = async (query = '') =>
  (await readAnswer(api, removedPodsSchema, 'DELETE', `${PATH}${query}`)).pods.map(({ removed }) => removed)
const lastEvent = async () => (await readAnswer(api, auditSchema, 'GET', '/api/audit')).events[0]

describe('the installer', () => {
  it('says that ConnectWise is not connected, and what to do [H5]', async () => {
    for (const method of ['GET', 'POST', 'DELETE'])
      expect(await refusal(api(method, PATH))).toMatchObject({
        code: 'connectwise-not-connected',
        remedy: 'Connect ConnectWise under Connections.',
      })
    await api('PUT', '/api/connections/connectwise', { body: world.connectWiseInput })
    await settled()
  })

  it('shows what is missing, with every value to enter by hand [H5]', async () => {
    const { pods, warning } = await look()
    expect(warning).toBeNull()
    expect(pods.map(({ state, isThere, faults }) => [state, isThere, faults])).toEqual(
      ofEach(['absent', false, []]),
    )
    const { organisation } = (await (await api('GET', '/api/session')).json()) as {
      organisation: { publicId: string }
    }
    const query = `?org=${organisation.publicId}&id=[cw_id]&screen=[cw_screen]`
    const title = 'Prism Pod: Microsoft CSP'
    const origin = APP_URL
    expect(pods.map(({ byHand }) => byHand)).toEqual([
      {
        description: title,
        screen: 'Agreement',
        origin,
        url: `${APP_URL}/pods/agreement${query}`,
        display: 'Pod',
        podHeight: 480,
      },
      {
        description: title,
        screen: 'Company',
        origin,
        url: `${APP_URL}/pods/company${query}`,
        display: 'Pod',
        podHeight: 300,
      },
      {
        description: 'Microsoft CSP',
        screen: 'Company',
        origin,
        url: `${APP_URL}/tabs/company${query}`,
        display: 'Tab',
        podHeight: null,
      },
    ])
  })

  it('takes what is entered by hand, as it says, for installed [H5]', async () => {
    for (const { byHand } of (await look()).pods) {
      const { screen, display: type, podHeight, ...rest } = byHand
      const listed = world.connectWise.store.all('hostedScreens').find(({ name }) => name === screen)
      const entered = { ...rest, type, screenId: listed?.id, ...(podHeight === null ? {} : { podHeight }) }
      const store = world.connectWise.store
      store.put('hostedSetups', { ...entered, id: store.nextId('hostedSetups') }, 'by hand')
    }
    expect(await states()).toEqual(['installed', 'installed', 'installed'])
  })

  it('installs one, then the others, repairs one and removes one, each noted in the audit [H5][B6]', async () => {
    expect(await install({ pods: ['company-tab'] })).toEqual(['created'])
    expect(await states()).toEqual(['absent', 'absent', 'installed'])
    expect(await lastEvent()).toMatchObject({
      actor: 'owner@northwind.example',
      action: 'install-pods',
      detail: { pods: [{ pod: 'company-tab', screen: 'company', state: 'created' }] },
    })
    expect(await install()).toEqual(['created', 'created', 'unchanged'])

    const [first] = rows()
    world.connectWise.store.put(
      'hostedSetups',
      {
        ...(first ?? { id: 1 }),
        disabledFlag: true,
        url: String(first?.url).replace(APP_URL, 'http://old.example'),
      },
      'somebody',
    )
    const [, , tab] = (await look()).pods
    expect(tab).toMatchObject({
      state: 'faulty',
      isThere: true,
      faults: [
        { code: 'address', message: `It opens http://old.example, but Prism Pod is at ${APP_URL}.` },
        { code: 'disabled', message: 'It is disabled, so that ConnectWise does not show it.' },
      ],
    })
    expect(await install({ pods: ['company-tab', 'company-pod'] })).toEqual(['unchanged', 'updated'])
    expect(await states()).toEqual(['installed', 'installed', 'installed'])

    expect(await remove('?pod=company-pod')).toEqual([1])
    expect(await remove('?pod=company-pod')).toEqual([0])
    expect(await lastEvent()).toMatchObject({
      action: 'remove-pods',
      detail: { pods: [{ pod: 'company-pod', removed: 0 }] },
    })
    expect(await states()).toEqual(['installed', 'absent', 'installed'])
    expect(await remove()).toEqual([1, 0, 1])
    expect(rows()).toEqual([])
  })

  it('makes one of each, however many press at once, and while lists show writes late [H5]', async () => {
    await control('PUT', 'stale-reads', { ms: 700, only: ['hostedSetups'] })
    const answers = await Promise.all(Array.from({ length: 6 }, () => install()))
    expect(answers.filter(([first]) => first === 'created')).toHaveLength(1)
    expect(answers.filter(([first]) => first === 'unchanged')).toHaveLength(5)
    expect(rows()).toHaveLength(3)
    const removals = await Promise.all([remove(), remove(), install({ pods: ['company-pod'] })])
    expect(removals.flat().filter((removed) => removed === 1).length).toBeGreaterThanOrEqual(3)
  })

  it('does without the Agreement screen where ConnectWise does not offer it [H5][H2]', async () => {
    await control('PUT', 'unknowns', { hostsAgreements: false })
    expect(await states()).toEqual(['not-offered', 'absent', 'absent'])
    expect(await install()).toEqual(['missing', 'created', 'created'])
    expect(await states()).toEqual(['not-offered', 'installed', 'installed'])
    expect(await remove()).toEqual([0, 1, 1])
  })

  it('refuses a pod that there is none of, by name [J16]', async () => {
    const sentence = 'Choose one of these: agreement-pod, company-pod, company-tab.'
    expect(await refusal(api('DELETE', `${PATH}?pod=ticket-pod`))).toMatchObject({
      code: 'request-invalid',
      fields: [{ field: 'pod', message: sentence }],
    })
    expect(await refusal(api('POST', PATH, { body: { pods: ['ticket-pod'] } }))).toMatchObject({
      fields: [{ field: 'pods.0', message: sentence }],
    })
    expect(await refusal(api('POST', PATH, { body: { pods: [] } }))).toMatchObject({
      code: 'request-invalid',
    })
    expect(rows()).toEqual([])
  })

  it('names the missing right, and notes what was done before it met it [H5]', async () => {
    await control('PUT', 'role', { denied: ['General/Manage Hosted API'] })
    const denied = await refusal(api('GET', PATH))
    expect(denied.code).toBe('pods-denied')
    expect(denied.remedy).toContain('“General / Manage Hosted API”')
    expect(denied.detail).toContain('You do not have security permission to perform this action.')

    await control('PUT', 'role', { denied: [] })
    await control('POST', 'faults', { kind: '403', method: 'POST', path: '*connectwisehostedsetups', nth: 2 })
    expect(await refusal(api('POST', PATH))).toMatchObject({ code: 'pods-denied' })
    expect(await lastEvent()).toMatchObject({
      action: 'install-pods',
      detail: {
        pods: [{ pod: 'agreement-pod', state: 'created' }],
        failed: 'company-pod',
        why: expect.stringContaining('security permission'),
      },
    })
    expect(await states()).toEqual(['installed', 'absent', 'absent'])
  })

  it('says that ConnectWise does not answer, and goes on from what is there [H5]', async () => {
    await control('POST', 'faults', { kind: '500', path: '*connectwisehostedsetups' })
    expect(await refusal(api('GET', PATH))).toMatchObject({
      code: 'pods-unreachable',
      detail: expect.stringContaining('ConnectWise has trouble of its own'),
    })
    await control('DELETE', 'faults', {})
    await control('POST', 'faults', { kind: 'cut-after', method: 'POST', nth: 1 })
    expect(await refusal(api('POST', PATH))).toMatchObject({ code: 'pods-unanswered' })
    expect(await states()).toEqual(['installed', 'absent', 'absent'])
    expect(await install()).toEqual(['unchanged', 'created', 'created'])
    expect(rows()).toHaveLength(3)
  })

  it('installs nothing beside an entry that cannot be read, and names it [H5]', async () => {
    world.connectWise.store.put(
      'hostedSetups',
      { id: 900, screenId: 12, description: 'Odd one', url: { at: 'nowhere' } },
      'x',
    )
    const { pods } = await look()
    expect(pods.map(({ state, reason }) => [state, reason])).toEqual(
      ofEach(['unreadable', 'Odd one cannot be read: URL is not understood']),
    )
    expect(await install()).toEqual(['unreadable', 'unreadable', 'unreadable'])
    expect(rows()).toHaveLength(1)

    // Its URL is readable and not ours: whatever else is odd about it, it is another vendor's.
    world.connectWise.store.put(
      'hostedSetups',
      { id: 900, description: 'Odd one', url: 'https://x.example' },
      'x',
    )
    expect(await install()).toEqual(['created', 'created', 'created'])
  })
})

it('has had a good answer of each of its endpoints', () => {
  expect(notAnswered(['hosted/setups'])).toEqual([])
})

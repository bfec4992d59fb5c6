import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { leases } from '#db/ledger/tables.ts'
import { connectWiseSeed, demoMappings } from '../../standin/data/index.ts'
import { startedRunSchema } from './schemas/jobs.ts'
import { fixedSchema, preflightSchema, type ShownPreflight } from './schemas/preflight.ts'
import { programSchema } from './schemas/programs.ts'
import { runSchema } from './schemas/runs.ts'
import {
  type ApiWorld,
  asOwner,
  type CallApi,
  call,
  settled,
  startApiWorld,
  withSessionOf,
} from './testing/api-world.ts'
import { connect } from './testing/organisation.ts'
import { readAnswer, refusal } from './testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

const PROGRAM = '/api/programs/microsoft-csp'

/** The demo's ConnectWise as it is before anybody prepared it: no item of ours, no default records, a misc item inactive. */
function unprepared(): ReturnType<typeof connectWiseSeed> {
  const seed = connectWiseSeed()
  const misc = { customerDescription: 'Misc', subcategory: { id: 9 }, type: { id: 9 }, category: { id: 9 } }
  return {
    ...seed,
    records: {
      ...seed.records,
      categories: [{ id: 9, name: 'Hardware', inactiveFlag: false }],
      subcategories: [{ id: 9, name: 'Parts', category: { id: 9 }, inactiveFlag: false }],
      productTypes: [
        { id: 9, name: 'Goods', inactiveFlag: false },
        { id: 10, name: 'Miscellaneous', inactiveFlag: true },
      ],
      unitOfMeasures: [{ id: 9, name: 'Hour', inactiveFlag: false }],
      catalog: [
        { ...misc, id: 900, identifier: 'MISC', description: 'Miscellaneous', inactiveFlag: true },
        { ...misc, id: 901, identifier: 'Misc-Labor', description: 'Labor', inactiveFlag: false },
        { ...misc, id: 902, identifier: 'z-misc-2', description: 'More', inactiveFlag: true },
      ],
      additions: [],
    },
  }
}

let world: ApiWorld
let api: CallApi
beforeAll(async () => {
  world = await startApiWorld({}, unprepared())
  api = await asOwner()
  await connect(world, api)
  await settled()
})
afterAll(() => world.stop())
beforeEach(() => deny())

/** Without waiting until one may look again. */
const look = async () => {
  await forgetLooks()
  return readAnswer(api, preflightSchema, 'GET', '/api/preflight?again=yes')
}
const forgetLooks = async () => {
  const { server } = await import('#app/process/process.ts')
  await server().db.delete(leases)
}
const fix = (check: string) => readAnswer(api, fixedSchema, 'POST', `/api/preflight/${check}/fix`)
const states = ({ checks }: ShownPreflight) => Object.fromEntries(checks.map(({ id, state }) => [id, state]))
const deny = (...denied: string[]) =>
  fetch(`${world.connectWise.url}/control/role`, { method: 'PUT', body: JSON.stringify({ denied }) })

describe('an unprepared ConnectWise', () => {
  it('is looked at when it was connected, and each check says what, why and where [A1][A2][A3]', async () => {
    const found = await readAnswer(api, preflightSchema, 'GET', '/api/preflight')
    expect(states(found)).toEqual({
      'misc-items': 'failed',
      category: 'failed',
      subcategory: 'failed',
      'product-type': 'failed',
      'unit-of-measure': 'failed',
      permissions: 'ok',
      deleting: 'ok',
      contacts: 'ok',
    })
    const [misc, category] = found.checks
    expect(misc).toMatchObject({
      found: '2 products whose Product ID contains “misc” are inactive.',
      items: ['MISC', 'z-misc-2'],
      fix: 'Activate them',
    })
    expect(category).toMatchObject({
      title: 'Product category “Miscellaneous”',
      found: 'It does not exist.',
      fix: 'Create the product category “Miscellaneous”',
    })
    expect(found.role).toContain('Finance / Agreements: Inquire, Add, Edit All')
    expect(found.checks.find(({ id }) => id === 'product-type')?.fix).toBe(
      'Activate the product type “Miscellaneous”',
    )
  })

  it('asked for the names that a person set, has those checked [A4]', async () => {
    const names = { category: 'Hardware', subcategory: 'Parts', unitOfMeasure: 'Hour' }
    await readAnswer(api, programSchema, 'PUT', PROGRAM, { defaults: names })
    expect(states(await look())).toMatchObject({ category: 'ok', subcategory: 'ok', 'unit-of-measure': 'ok' })
    const usual = { category: 'Miscellaneous', subcategory: 'Miscellaneous', unitOfMeasure: 'Each' }
    await readAnswer(api, programSchema, 'PUT', PROGRAM, { defaults: usual })
  })

  it('passes ConnectWise’s refusal of a fix on, and has nothing done then [A4]', async () => {
    await deny('System/Table Setup/Category:Add')
    expect(await refusal(api('POST', '/api/preflight/category/fix'))).toMatchObject({
      code: 'connectwise-refused',
      detail:
        'ConnectWise returned an error response: You do not have security permission to perform this action.',
    })
    expect(states(await look())).toMatchObject({ category: 'failed', permissions: 'failed' })
  })

  it('is green after every Fix, category before sub-category, and the first syncs then succeed [A4][D7][D9]', async () => {
    expect((await fix('subcategory')).did).toEqual([
      'Created the product category “Miscellaneous”.',
      'Created the product sub-category “Miscellaneous”.',
    ])
    expect((await fix('category')).did).toEqual([])
    expect((await fix('product-type')).did).toEqual(['Activated the product type “Miscellaneous”.'])
    expect((await fix('unit-of-measure')).did).toEqual(['Created the unit of measure “Each”.'])
    const last = await fix('misc-items')
    expect(last.did).toEqual(['Activated the product MISC.', 'Activated the product z-misc-2.'])
    expect(new Set(Object.values(states(last)))).toEqual(new Set(['ok']))

    await readAnswer(api, programSchema, 'PUT', PROGRAM, { enabled: true, productMode: 'all' })
    const products = await readAnswer(api, startedRunSchema, 'POST', `${PROGRAM}/products/sync`)
    await settled()
    const synced = await readAnswer(api, runSchema, 'GET', `/api/runs/${products.runId}`)
    expect(synced).toMatchObject({ status: 'Success', counts: { failed: 0, updated: 0, unchanged: 0 } })
    expect(synced.counts?.created).toBeGreaterThan(10)

    const [coho] = demoMappings()
    const { tenantId, ...mapping } = { ...coho, syncEnabled: true }
    await world.issueNextInvoice()
    await api('PUT', `${PROGRAM}/customers/${tenantId}/mapping`, { body: mapping })
    const { runId } = await readAnswer(api, startedRunSchema, 'POST', `${PROGRAM}/customers/${tenantId}/sync`)
    await settled()
    const run = await readAnswer(api, runSchema, 'GET', `/api/runs/${runId}`)
    expect(run.status).toBe('Success')
  })

  it('is mended by one at a time: two who press Fix at once make one record [A4]', async () => {
    await readAnswer(api, programSchema, 'PUT', PROGRAM, { defaults: { unitOfMeasure: 'Seat' } })
    const answers = await Promise.all([1, 2].map(() => api('POST', '/api/preflight/unit-of-measure/fix')))
    const did = await Promise.all(
      answers.map(async (answer) => ((await answer.json()) as { did?: string[] }).did ?? []),
    )
    expect(did.flat()).toEqual(['Created the unit of measure “Seat”.'])
  })
})

describe('permissions', () => {
  const missing = async (...denied: string[]) => {
    await deny(...denied)
    const { checks } = await look()
    const check = checks.find(({ id }) => id === 'permissions')
    return { state: check?.state, items: check?.items }
  }

  it('are each named where the role lacks them, and nothing was written to find out [A6]', async () => {
    for (const [denied, item] of [
      ['Companies/Company Maintenance:Inquire', 'Companies / Company Maintenance: Inquire'],
      ['Finance/Agreements:Edit', 'Finance / Agreements: Edit'],
      ['Procurement/Products:Add', 'Procurement / Products: Add'],
      ['Procurement/Product Catalog:Add', 'Procurement / Product Catalog: Add'],
      ['System/Table Setup/UOM:Inquire', 'System / Table Setup: UOM: Inquire'],
      ['System/Table Setup/Product Type:Edit', 'System / Table Setup: Product Type: Edit'],
      ['General/Manage Hosted API:Add', 'General / Manage Hosted API: Add'],
    ] as const)
      expect(await missing(denied), denied).toEqual({ state: 'failed', items: [item] })
    expect(await missing('Companies/Company Maintenance', 'Procurement/Product Catalog')).toEqual({
      state: 'failed',
      items: [
        'Companies / Company Maintenance: Inquire',
        'Procurement / Product Catalog: Inquire',
        'Procurement / Product Catalog: Add',
        'Procurement / Product Catalog: Edit',
      ],
    })
    const before = world.connectWise.store.version
    await deny()
    await look()
    expect(world.connectWise.store.version).toBe(before)
  })

  it('to delete is not needed: without it additions are cancelled before they begin [A6]', async () => {
    const deleting = async (...denied: string[]) => {
      await deny(...denied)
      return (await look()).checks.filter(({ id }) => id === 'deleting' || id === 'permissions')
    }
    expect(await deleting('Finance/Agreements:Delete')).toMatchObject([
      { id: 'permissions', state: 'ok' },
      { id: 'deleting', state: 'ok', items: ['Finance / Agreements: Delete'] },
    ])
    expect(await deleting()).toMatchObject([{}, { state: 'ok', items: [] }])
  })

  it('to read contacts is not needed: without it suggestions go without [A6][J7]', async () => {
    const contacts = async (...denied: string[]) => {
      await deny(...denied)
      return (await look()).checks.filter(({ id }) => ['contacts', 'permissions', 'deleting'].includes(id))
    }
    expect(await contacts('Companies/Contacts')).toMatchObject([
      { id: 'permissions', state: 'ok' },
      { id: 'deleting', state: 'ok', items: [] },
      { id: 'contacts', state: 'ok', items: ['Companies / Contacts: Inquire'] },
    ])
    expect(await contacts()).toMatchObject([{}, {}, { state: 'ok', items: [] }])
  })

  it('of one setup table leave the other tables as they are [A6]', async () => {
    await deny('System/Table Setup/Category')
    expect(states(await look())).toMatchObject({
      category: 'unknown',
      'product-type': 'ok',
      'unit-of-measure': 'ok',
    })
  })

  it('that do not let us look leave the other checks unknown, not failed [A6]', async () => {
    await deny('System/Table Setup/Category', 'Procurement/Product Catalog')
    expect(states(await look())).toMatchObject({
      'misc-items': 'unknown',
      category: 'unknown',
      permissions: 'failed',
    })
  })

  it('cannot be fixed by us, and other checks do not exist [A6]', async () => {
    for (const check of ['permissions', 'nonsense'])
      expect(await refusal(api('POST', `/api/preflight/${check}/fix`))).toMatchObject({ code: 'not-found' })
  })
})

describe('looking again', () => {
  it('is for who may fix, because it costs ConnectWise some thirty requests [A6][B6]', async () => {
    const body = { email: 'viewer@northwind.example', role: 'viewer' }
    const { link } = (await (await api('POST', '/api/people/invitations', { body })).json()) as {
      link: string
    }
    const accepted = { token: new URL(link).hash.slice(1), name: '', password: 'a-long-password' }
    const viewer = withSessionOf(await call('POST', '/api/session/invitation', { body: accepted }))
    await look()
    const { total } = world.connectWise.requests.report()
    expect(await refusal(viewer('GET', '/api/preflight?again=yes'))).toMatchObject({ code: 'not-allowed' })
    await readAnswer(viewer, preflightSchema, 'GET', '/api/preflight')
    expect(world.connectWise.requests.report().total).toBe(total)
  })

  it('is done once in ten seconds, however often it is asked for at once [A6]', async () => {
    await forgetLooks()
    world.connectWise.requests.reset()
    const asked = await Promise.all(Array.from({ length: 5 }, () => api('GET', '/api/preflight?again=yes')))
    const statuses = asked.map(({ status }) => String(status)).sort()
    expect(statuses).toEqual(['200', '429', '429', '429', '429'])
    expect(world.connectWise.requests.report().total).toBeLessThan(50)
  })
})

describe('a ConnectWise out of reach', () => {
  it('says so, and what was found before stays [A6]', async () => {
    const before = await look()
    world.connectWise.faults.add([{ kind: '500', path: '*/procurement/*' }])
    await forgetLooks()
    expect(await refusal(api('GET', '/api/preflight?again=yes'))).toMatchObject({
      code: 'connectwise-unreachable',
    })
    world.connectWise.faults.clear()
    expect(await readAnswer(api, preflightSchema, 'GET', '/api/preflight')).toEqual(before)
  })
})

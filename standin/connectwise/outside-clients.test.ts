/** What clients that others wrote met differently here than at ConnectWise. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { additionsPath, type Body, newAddition, startTiny, tinySeed } from './testing.ts'

const companies = Array.from({ length: 30 }, (_, index) => ({
  id: index + 10,
  identifier: `C${index}`,
  name: `Wingtip ${index}`,
  city: 'Perth',
  types: [{ id: index % 2, name: index % 2 === 0 ? 'Client' : 'Vendor' }],
}))

let connectWise: Awaited<ReturnType<typeof startTiny>>
beforeAll(async () => {
  connectWise = await startTiny(tinySeed({ companies }))
})
beforeEach(() => call('POST', '/control/reset'))
afterAll(() => connectWise.close())
const call: typeof connectWise.call = (...args) => connectWise.call(...args)
const patch = (path: string, value: unknown, field = 'quantity') =>
  call('PATCH', path, [{ op: 'replace', path: field, value }])
const where = (conditions: string, path = 'company/companies') =>
  call('GET', `${path}?${new URLSearchParams({ conditions, pageSize: '1000' })}`)
const ids = async (conditions: string, path?: string) =>
  (await where(conditions, path)).body.map(({ id }) => id)
const firstError = ({ body }: { readonly body: Body }) => body.errors[0]

describe('Link', () => {
  const next = async (query: string, headers = {}) => {
    const answer = await call('GET', `company/companies?${query}`, undefined, headers)
    return /<([^>]*)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1]?.replace(/.*\?/, '')
  }

  it.each([
    ['page=1&pageSize=10', 'pageSize=10&page=2'],
    ['pageSize=10', 'pageSize=10&page=2'],
    ['page=2&conditions=id>0&pageSize=10', 'pageSize=10&conditions=id%3E0&page=3'],
  ])('has the page size first and the page last, however it was asked: %s', async (asked, link) => {
    expect(await next(asked)).toBe(link)
  })

  it('has the page id last of a forward-only walk', async () => {
    const forward = { 'pagination-type': 'forward-only' }
    expect(await next('pageId=0&pageSize=10', forward)).toBe('pageSize=10&pageId=19')
  })
})

describe('a PATCH path', () => {
  it('may begin with a slash', async () => {
    const { id } = (await call('POST', additionsPath, newAddition())).body
    expect((await patch(`${additionsPath}/${id}`, 7, '/quantity')).body.quantity).toBe(7)
    expect((await patch('company/companies/10', 'W', '/name')).body.name).toBe('W')
  })

  it('with a slash at both ends of a reference gets the false 200, and only one slash is taken', async () => {
    const inside = await patch('finance/agreements/30', 'C5', '/company/identifier')
    expect(inside).toMatchObject({ status: 200, body: { company: { id: 10 } } })
    expect((await patch('company/companies/10', 'W', '//name')).status).toBe(400)
    expect((await patch('company/companies/10', 'W', '/nothing')).status).toBe(400)
  })
})

describe('fields that were missing', () => {
  it.each([
    ['company/companies/10', 'accountNumber', 'A-1', 'accountNumber="A-1"'],
    ['company/companies/10', 'territory', { id: 2, name: 'West' }, 'territory/name="West"'],
    ['finance/agreements/30', 'applicationUnits', 'Hours', 'applicationUnits="Hours"'],
    ['finance/agreements/30', 'internalNotes', 'read me', 'internalNotes contains "read"'],
    ['procurement/catalog/40', 'minStockLevel', 3, 'minStockLevel>2'],
    ['system/members/50', 'title', 'Clerk', 'title="Clerk"'],
  ])('are taken, kept, shown and asked for: %s %s', async (path, field, value, condition) => {
    expect((await patch(path, value, field)).body[field]).toEqual(value)
    const [list, id] = [path.replace(/\/\d+$/, ''), Number(path.split('/').at(-1))]
    expect(await ids(condition, list)).toEqual([id])
    expect((await call('GET', `${path}?fields=${field}`)).body).toEqual({ [field]: value })
  })

  it('have their lengths, types and values', async () => {
    expect(firstError(await patch('finance/agreements/30', 'x'.repeat(51), 'customerPO'))).toMatchObject({
      code: 'MaxLengthField',
    })
    expect(firstError(await patch('finance/agreements/30', 'Days', 'applicationUnits'))).toMatchObject({
      field: 'applicationUnits',
    })
    expect((await patch('company/companies/10', 'many', 'numberOfEmployees')).status).toBe(500)
    expect((await where('numberOfEmployees="5"')).status).toBe(400)
  })

  it('that ConnectWise makes are not written', async () => {
    const made = (await call('GET', 'procurement/catalog/40')).body.dateEntered
    expect(
      (await patch('procurement/catalog/40', '2020-01-01T00:00:00Z', 'dateEntered')).body.dateEntered,
    ).toBe(made)
    expect(made).toMatch(/^\d{4}-\d\d-\d\dT/)
  })
})

describe('refusals', () => {
  it('of a second callback name the object id', async () => {
    const entry = { url: 'http://127.0.0.1:1/?id=', objectId: 1, type: 'Company', level: 'Owner' }
    await call('POST', 'system/callbacks', entry)
    const { body } = await call('POST', 'system/callbacks', entry)
    expect(body.errors).toEqual([
      {
        code: 'ObjectExists',
        message: 'A matching callback entry already exists',
        resource: 'callbackEntry',
        field: 'objectId',
      },
    ])
  })

  it('with 403 and 500 have a code and a message alone', async () => {
    await call('PUT', '/control/role', { denied: ['Finance/Agreements'] })
    const forbidden = await call('GET', 'finance/agreements')
    await call('POST', '/control/faults', { kind: '500', nth: 1 })
    const failed = await call('GET', 'company/companies')
    const unconvertible = await patch('company/companies/10', {}, 'name')
    for (const [answer, status] of [
      [forbidden, 403],
      [failed, 500],
      [unconvertible, 500],
    ] as const)
      expect([answer.status, Object.keys(answer.body)]).toEqual([status, ['code', 'message']])
    expect((await call('GET', 'company/companies/4711')).body).toHaveProperty('errors', null)
  })

  it.each(['{"name":', '[1]', 'null'])('of the body %s have a list of errors', async (body) => {
    const response = await fetch(`${connectWise.url}/v2025_1/apis/3.0/company/companies`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from('acme+pub:priv').toString('base64')}`,
        clientid: 'any',
        'content-type': 'application/json',
      },
      body,
    })
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { code: 'InvalidObject', errors: [{ resource: 'company', code: 'InvalidObject' }] },
    ])
  })
})

describe('dates', () => {
  const create = (effectiveDate: string) => call('POST', additionsPath, newAddition({ effectiveDate }))

  it('with fractional seconds are refused, created, patched or replaced', async () => {
    const { id } = (await create('2026-09-15T00:00:00Z')).body
    const path = `${additionsPath}/${id}`
    const date = '2026-09-16T00:00:00.000Z'
    for (const answer of [
      await create(date),
      await patch(path, date, 'cancelledDate'),
      await call('PUT', path, newAddition({ effectiveDate: date })),
    ])
      expect([answer.status, firstError(answer)?.message]).toEqual([400, 'Unsupported format'])
  })

  it('without them are taken, and one that does not exist is not', async () => {
    expect((await create('2026-09-15T00:00:00Z')).status).toBe(201)
    expect((await create('2026-02-30T00:00:00Z')).status).toBe(500)
  })
})

describe('conditions', () => {
  it.each(['types/id=1', 'types/name="Client"', 'customFields/value="x"', 'integratorTags="x"'])(
    'on an array are refused and told of childConditions: %s',
    async (conditions) => {
      const answer = await where(conditions)
      expect([answer.status, answer.body.message]).toEqual([400, expect.stringContaining('childConditions')])
    },
  )

  it('on its elements are childConditions', async () => {
    const query = new URLSearchParams({ childConditions: 'types/id=1', pageSize: '1000' })
    expect((await call('GET', `company/companies?${query}`)).body).toHaveLength(15)
    expect((await call('GET', 'company/companies?orderBy=types/id')).status).toBe(400)
  })

  it('know a quote inside a string by its backslash', async () => {
    await patch('company/companies/10', 'The "Q" Pub', 'name')
    await patch('company/companies/11', "Ann's \\ Co", 'name')
    expect(await ids(String.raw`name="The \"Q\" Pub"`)).toEqual([10])
    expect(await ids(String.raw`name='Ann\'s \ Co'`)).toEqual([11])
    expect(await ids(String.raw`name like "*\\"`)).toEqual([])
  })
})

describe('_info', () => {
  it('says who entered and who updated a record, and when', async () => {
    const { id, _info: entered } = (await call('POST', additionsPath, newAddition())).body
    expect(entered).toEqual({
      dateEntered: '2026-09-15T12:00:00Z',
      enteredBy: 'pub',
      lastUpdated: '2026-09-15T12:00:00Z',
      updatedBy: 'pub',
    })
    await call('PUT', '/control/clock', { today: '2026-09-16' })
    expect((await patch(`${additionsPath}/${id}`, 6)).body._info).toEqual({
      ...entered,
      lastUpdated: '2026-09-16T12:00:00Z',
    })
    await call('PUT', '/control/clock', { today: '2026-09-15' })
  })

  it('is asked for by conditions', async () => {
    await call('PUT', '/control/clock', { today: '2026-10-01' })
    const { id } = (await call('POST', 'company/companies', { identifier: 'New', name: 'New', city: 'P' }))
      .body
    expect(await ids('_info/dateEntered>=[2026-10-01]')).toEqual([id])
    expect(await ids('_info/enteredBy="pub"')).toEqual([id])
    expect((await where('_info/dateEntered="yesterday"')).status).toBe(400)
    await call('PUT', '/control/clock', { today: '2026-09-15' })
  })

  it('of a reference has an absolute address that answers', async () => {
    const { company } = (await call('GET', 'finance/agreements/30')).body
    const { company_href: address } = (company as unknown as { _info: { company_href: string } })._info
    expect(address).toBe(`${connectWise.url}/v2025_1/apis/3.0/company/companies/10`)
    expect((await call('GET', new URL(address).pathname)).body.identifier).toBe('C0')
  })
})

describe('members and agreement types', () => {
  it('have every field that the published models require', async () => {
    expect((await call('GET', 'system/members/50')).body).toMatchObject({
      licenseClass: 'F',
      defaultEmail: 'Office',
      defaultPhone: 'Office',
      hireDate: expect.stringMatching(/Z$/),
      invoicingDisplayOptions: 'RemainOnInvoicingScreen',
    })
    expect((await call('GET', 'finance/agreements/types/1')).body).toMatchObject({
      employeeCompRate: 'Actual',
      employeeCompNotExceed: 'Billing',
      invoicingCycle: 'CalendarYear',
      billTime: 'NoDefault',
      billExpenses: 'NoDefault',
      billProducts: 'NoDefault',
    })
  })

  it('choose their address by Office, Mobile or Home, and tell it to themselves', async () => {
    expect((await patch('system/members/50', 'jo@x.example', 'defaultEmail')).status).toBe(400)
    await patch('system/members/50', 'jo@home.example', 'homeEmail')
    await patch('system/members/50', 'Home', 'defaultEmail')
    const basic = { authorization: `Basic ${Buffer.from('acme+jmeyer:hash-jo').toString('base64')}` }
    const { body } = await call('GET', 'system/myMembers/info', undefined, basic)
    expect(body.defaultEmail).toBe('jo@home.example')
    expect(body).not.toHaveProperty('memberHash')
  })
})

describe('smaller differences', () => {
  it('system info refuses wrong keys, and answers without any', async () => {
    const ask = async (authorization: string) =>
      (await call('GET', 'system/info', undefined, { authorization, clientid: 'any' })).status
    expect([await ask('Basic YTpi'), await ask(''), await ask(basicKeys)]).toEqual([401, 200, 200])
  })

  it('member cookies may be spelled MemberID and MemberContext', async () => {
    const ask = async (cookie: string) =>
      (await call('GET', 'system/myMembers/info', undefined, { authorization: '', cookie })).status
    expect(await ask('CompanyName=acme; MemberID=jmeyer; MemberHash=hash-jo; MemberContext=web')).toBe(200)
    expect(await ask('CompanyName=acme; MemberID=jmeyer; MemberHash=HASH-JO; MemberContext=web')).toBe(401)
    expect(await ask('CompanyName=acme; MemberID=jmeyer; MemberHash=hash-jo')).toBe(401)
  })

  it('every answer names the API’s version, a refusal too', async () => {
    await call('POST', '/control/faults', { kind: '429', nth: 2 })
    for (const path of ['company/companies', 'company/companies', 'company/companies/4711'])
      expect((await call('GET', path)).headers.get('api-current-version')).toBe('2025.1')
    expect((await call('GET', '/host/version')).headers.get('api-current-version')).toBeNull()
  })

  it('a hosted setup needs a screen that exists', async () => {
    const setup = { description: 'Pod', url: 'https://pod.example/', type: 'Pod' }
    const install = (screenId: number) =>
      call('POST', 'system/connectwisehostedsetups', { ...setup, screenId })
    expect(firstError(await install(999))).toMatchObject({ code: 'NotFound', field: 'screenId' })
    const { id } = (await install(12)).body
    expect((await patch(`system/connectwisehostedsetups/${id}`, 0, 'screenId')).status).toBe(400)
  })
})

const basicKeys = `Basic ${Buffer.from('acme+pub:priv').toString('base64')}`

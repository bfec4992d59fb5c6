import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Answer, additionsPath, newAddition, startTiny, tinySeed } from './testing.ts'

let connectWise: Awaited<ReturnType<typeof startTiny>>
beforeEach(async () => {
  connectWise = await startTiny()
})
afterEach(() => connectWise.close())
const call: typeof connectWise.call = (...args) => connectWise.call(...args)
const reason = (answer: Answer) => answer.body.errors[0]?.message

describe('company info and sign-in', () => {
  it('tells the codebase without keys, and null for a company it does not know', async () => {
    const known = await call('GET', '/login/companyinfo/ACME', undefined, { authorization: '', clientid: '' })
    expect(known.body).toMatchObject({ Codebase: 'v2025_1/', IsCloud: 'True', CompanyID: 'ACME' })
    expect((await call('GET', '/login/companyinfo/nobody')).body).toBeNull()
  })

  it('serves the codebase and v4_6_release, and no other', async () => {
    expect((await call('GET', '/v4_6_release/apis/3.0/company/companies')).status).toBe(200)
    expect((await call('GET', '/v2024_1/apis/3.0/company/companies')).status).toBe(404)
  })

  it('refuses wrong keys and a missing clientId', async () => {
    const wrong = await call('GET', 'company/companies', undefined, { authorization: 'Basic YTpi' })
    expect(wrong).toMatchObject({ status: 401, body: { code: 'Unauthorized' } })
    expect((await call('GET', 'company/companies', undefined, { clientid: '' })).status).toBe(401)
  })

  it('answers 404 to wrong keys where the site is told to, as cloud may', async () => {
    const cloud = await startTiny(tinySeed({}, { badKeysStatus: 404 }))
    const answer = await cloud.call('GET', 'company/companies', undefined, { authorization: '' })
    await cloud.close()
    expect(answer.status).toBe(404)
  })

  it('answers 429 with its odd body above the rate', async () => {
    const limited = await startTiny(tinySeed({}, { requestsPerMinute: 2 }))
    const statuses: number[] = []
    let last = await limited.call('GET', 'system/info')
    for (let i = 0; i < 2; i++) {
      last = await limited.call('GET', 'company/companies')
      statuses.push(last.status)
    }
    await limited.close()
    expect(statuses).toEqual([200, 429])
    expect(last.body).toMatchObject({ error: 'ConnectWiseAPI' })
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0)
  })

  it('proves a member by cookies and by Basic, and answers 401 to a wrong hash or a missing context', async () => {
    const cookie = (hash: string, more = '; memberContext=web') => ({
      authorization: '',
      cookie: `companyName=acme; memberId=jmeyer; memberHash=${hash}${more}`,
    })
    const basic = { authorization: `Basic ${Buffer.from('acme+jmeyer:hash-jo').toString('base64')}` }
    const info = (headers: Record<string, string>) => call('GET', 'system/myMembers/info', undefined, headers)
    expect((await info(cookie('hash-jo'))).body).toMatchObject({ identifier: 'jmeyer', inactiveFlag: false })
    expect((await info(basic)).body.identifier).toBe('jmeyer')
    expect((await info(cookie('hash-tam'))).status).toBe(401)
    expect((await info(cookie('hash-jo', ''))).status).toBe(401)
    expect((await info(basic)).body).not.toHaveProperty('memberHash')
  })

  it('can answer a proven hash with another member, for a client that must compare', async () => {
    const members = [
      { id: 1, identifier: 'jmeyer', memberHash: 'h', answersAs: 'tkay' },
      { id: 2, identifier: 'tkay', memberHash: 'x' },
    ]
    const other = await startTiny(tinySeed({ members }))
    const authorization = `Basic ${Buffer.from('acme+jmeyer:h').toString('base64')}`
    const answer = await other.call('GET', 'system/myMembers/info', undefined, { authorization })
    await other.close()
    expect(answer.body.identifier).toBe('tkay')
  })
})

describe('records', () => {
  it('leaves nulls out and stamps _info', async () => {
    const { body } = await call('GET', 'company/companies/10')
    expect(body).not.toHaveProperty('website')
    expect(body._info.lastUpdated).toBe('2026-09-15T12:00:00Z')
  })

  it('labels references', async () => {
    const { body } = await call('GET', 'finance/agreements/30')
    expect(body.company).toMatchObject({ id: 10, identifier: 'Wingtip', name: 'Wingtip Toys' })
    expect(body.billingCycle).toMatchObject({ id: 2, name: 'Monthly' })
  })

  it('prints errors as JSON with CRLF', async () => {
    const response = await fetch(`${connectWise.url}/v2025_1/apis/3.0/company/companies/99`, {
      headers: { authorization: `Basic ${btoa('acme+pub:priv')}`, clientid: 'x' },
    })
    expect(await response.text()).toBe(
      '{\r\n  "code": "NotFound",\r\n  "message": "company 99 not found",\r\n  "errors": null\r\n}',
    )
  })

  it('creates, replaces and deletes', async () => {
    const created = await call('POST', 'company/companies', { identifier: 'New', name: 'New', city: 'Perth' })
    expect(created.status).toBe(201)
    const path = `company/companies/${created.body.id}`
    await call('PUT', path, { identifier: 'New', name: 'Newer', state: 'WA' })
    const replaced = (await call('GET', path)).body
    expect(replaced).toMatchObject({ name: 'Newer', state: 'WA' })
    expect(replaced).not.toHaveProperty('city')
    expect((await call('DELETE', path)).status).toBe(204)
    expect((await call('GET', path)).status).toBe(404)
  })

  it('refuses to delete what is used', async () => {
    expect(await call('DELETE', 'procurement/subcategories/1')).toMatchObject({
      status: 409,
      body: { message: 'Record possibly in use or another conflict' },
    })
    await call('POST', additionsPath, newAddition())
    expect((await call('DELETE', 'finance/agreements/30')).status).toBe(409)
    expect((await call('DELETE', 'procurement/catalog/40')).status).toBe(409)
    expect((await call('DELETE', 'procurement/catalog/41')).status).toBe(204)
  })

  it('has the sub-categories of a category below it and all in their own list', async () => {
    const created = await call('POST', 'procurement/categories/1/subcategories', { name: 'Cloud' })
    expect(created.status).toBe(201)
    const all = await call(
      'GET',
      'procurement/subcategories?conditions=category/id=1&fields=name,category/name',
    )
    expect(all.body).toContainEqual({ name: 'Cloud', category: { name: 'Miscellaneous' } })
    expect((await call('GET', 'procurement/categories/1/subcategories/count')).body).toEqual({ count: 2 })
  })

  it.each([
    ['identifier is required.', 'MissingRequiredField', { identifier: null }],
    [
      'The field vendorSku must be a string with a maximum length of 50.',
      'MaxLengthField',
      { vendorSku: 'x'.repeat(51) },
    ],
    ['Product ID already in use.', 'ObjectExists', { identifier: 'm365bp' }],
    ['Type 9 not found', 'NotFound', { type: { id: 9 } }],
  ])('refuses a catalog item: %s', async (message, code, change) => {
    const item = {
      identifier: 'NEW',
      description: 'n',
      customerDescription: 'n',
      subcategory: { id: 1 },
      type: { id: 1 },
    }
    expect((await call('POST', 'procurement/catalog', item)).body.category).toMatchObject({ id: 1 })
    const answer = await call('POST', 'procurement/catalog', { ...item, identifier: 'OTHER', ...change })
    expect(answer.status).toBe(400)
    expect(answer.body).toMatchObject({ code: 'InvalidObject', message: 'catalogItem object is invalid' })
    expect(answer.body.errors).toContainEqual(expect.objectContaining({ code, message }))
  })

  it('refuses a year out of range and an address that is missing', async () => {
    const company = { identifier: 'A', name: 'A', yearEstablished: 1800 }
    const { body } = await call('POST', 'company/companies', company)
    const messages = body.errors.map((error) => error.message)
    expect(messages).toContain('The field yearEstablished must be between 1900 and 9999.')
    expect(messages).toContain('At least one address field is required')
  })

  it('answers 500 to a value it cannot convert, 415 to a body that is not JSON, 405 to a method it lacks', async () => {
    const bad = await call('POST', additionsPath, newAddition({ quantity: 'many' }))
    expect(bad.status).toBe(500)
    expect(bad.body.message).toContain("Path 'quantity'")
    const plain = await call('POST', additionsPath, newAddition(), { 'content-type': 'text/plain' })
    expect(plain.status).toBe(415)
    expect((await call('POST', 'system/connectWiseHostedScreens', {})).status).toBe(405)
  })

  it('installs a hosted setup', async () => {
    const setup = {
      screenId: 12,
      description: 'Billing sync',
      type: 'Pod',
      url: 'http://localhost:3000/pods/agreement',
    }
    const created = await call('POST', 'system/connectwisehostedsetups', setup)
    expect(created).toMatchObject({ status: 201, body: { screenId: 12, type: 'Pod', disabledFlag: false } })
    const wrong = await call('POST', 'system/connectwisehostedsetups', { ...setup, type: 'Window' })
    expect(wrong.status).toBe(400)
    const button = { ...setup, type: 'ToolbarButton' }
    const untitled = await call('POST', 'system/connectwisehostedsetups', button)
    expect(untitled.body.errors).toMatchObject([{ field: 'toolbarButtonText' }])
    const titled = { ...button, toolbarButtonText: 'Billing' }
    expect((await call('POST', 'system/connectwisehostedsetups', titled)).status).toBe(201)
  })

  it('may be without the Agreement screen: nothing is installed there, and what was is not shown [H5]', async () => {
    const setup = { description: 'Pod', type: 'Pod', url: 'http://localhost:3000/pods' }
    const install = (screenId: number) =>
      call('POST', 'system/connectwisehostedsetups', { ...setup, screenId })
    const screens = async () =>
      (await call('GET', 'system/connectWiseHostedScreens')).body.map(({ screenId }) => screenId)
    const shown = async () => (await call('GET', '/host/agreements/30')).body.setups
    await install(12)
    expect(await screens()).toContain('agreement')
    expect(await shown()).toHaveLength(1)

    await call('PUT', '/control/unknowns', { hostsAgreements: false })
    expect(await screens()).toEqual(['ticket', 'contact', 'company'])
    expect((await install(12)).status).toBe(400)
    expect((await install(8)).status).toBe(201)
    expect(await shown()).toEqual([])

    await call('POST', '/control/reset')
    expect(await screens()).toContain('agreement')
  })

  it('is seeded without the Agreement screen [H5]', async () => {
    const without = await startTiny(tinySeed({}, { unknowns: { hostsAgreements: false } }))
    const { body } = await without.call('GET', 'system/connectWiseHostedScreens')
    await without.call('POST', '/control/reset')
    const again = await without.call('GET', 'system/connectWiseHostedScreens')
    await without.close()
    for (const found of [body, again.body])
      expect(found.map(({ name }) => name)).toEqual(['Service Ticket', 'Contact', 'Company'])
  })
})

describe('PATCH', () => {
  const patch = (...operations: object[]) => call('PATCH', 'company/companies/10', operations)

  it('replaces, adds and removes bare names', async () => {
    const { body } = await patch(
      { op: 'replace', path: 'name', value: 'Wingtip' },
      { op: 'add', path: 'website', value: 'wingtip.example' },
      { op: 'add', path: 'state', value: 'WA' },
      { op: 'remove', path: 'city' },
    )
    expect(body).toMatchObject({ name: 'Wingtip', website: 'wingtip.example', state: 'WA' })
    expect(body).not.toHaveProperty('city')
  })

  it('answers a false 200 to a path into a reference', async () => {
    const path = 'finance/agreements/30'
    const inside = await call('PATCH', path, [
      { op: 'replace', path: 'company/identifier', value: 'Fabrikam' },
    ])
    expect(inside).toMatchObject({ status: 200, body: { company: { id: 10 } } })
    const whole = await call('PATCH', path, [
      { op: 'replace', path: 'company', value: { identifier: 'Fabrikam' } },
    ])
    expect(whole.body.company.id).toBe(11)
  })

  it('re-validates fields that were not sent', async () => {
    const companies = [
      { id: 10, identifier: 'Wingtip', name: 'Wingtip', city: 'Perth', zip: '1234567890123' },
    ]
    const seeded = await startTiny(tinySeed({ companies }))
    const answer = await seeded.call('PATCH', 'company/companies/10', [
      { op: 'replace', path: 'name', value: 'W' },
    ])
    await seeded.close()
    expect(answer.status).toBe(400)
    expect(reason(answer)).toContain('The field zip')
  })

  it('refuses another case, an unknown operation and a body that is no list', async () => {
    expect((await patch({ op: 'replace', path: 'Name', value: 'x' })).status).toBe(400)
    expect((await patch({ op: 'test', path: 'name', value: 'x' })).status).toBe(400)
    expect((await call('PATCH', 'company/companies/10', { name: 'x' })).status).toBe(400)
  })

  it('turns line ends into spaces', async () => {
    expect((await patch({ op: 'replace', path: 'name', value: 'a\r\nb' })).body.name).toBe('a  b')
  })
})

describe('faults over the API', () => {
  it('keeps an addition whose POST was cut off after its effect', async () => {
    await call('POST', '/control/faults', { kind: 'cut-after', method: 'POST', path: '*/additions', nth: 1 })
    await expect(call('POST', additionsPath, newAddition())).rejects.toThrow()
    const { body } = await call('GET', additionsPath)
    expect(body).toHaveLength(1)
    expect(body[0]).toMatchObject({ serialNumber: 'sub-1', quantity: 5 })
  })

  it('refuses with the bodies of ConnectWise', async () => {
    await call('POST', '/control/faults', [
      { kind: '429', nth: 1, retryAfter: 30 },
      { kind: '500', nth: 2 },
      { kind: '403', nth: 3 },
    ])
    const get = () => call('GET', 'company/companies')
    expect((await get()).body.message).toBe('Too many requests. Please try again in 30 seconds.')
    expect((await get()).body.message).toBe('A timeout has occured. Please try again.')
    expect((await get()).body.code).toBe('Security')
    expect((await get()).status).toBe(200)
  })

  it('goes back to its seed on reset', async () => {
    await call('POST', additionsPath, newAddition())
    await call('POST', '/control/reset')
    expect((await call('GET', additionsPath)).body).toEqual([])
  })
})

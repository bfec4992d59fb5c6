import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { additionsPath, newAddition, startTiny } from '../connectwise/testing.ts'

let connectWise: Awaited<ReturnType<typeof startTiny>>
beforeEach(async () => {
  connectWise = await startTiny()
})
afterEach(() => connectWise.close())
const read = async (path: string) => (await connectWise.call('GET', `/host/${path}`)).body

describe('the forms of the host screen', () => {
  const send = (method: string, path: string, fields?: unknown, member = 'jmeyer') =>
    connectWise.call(method, `/host/${path}`, fields, { 'x-member': member })

  it('write an addition as the member who is signed in, and the audit trail names him', async () => {
    const added = await send('POST', 'agreements/30/additions', newAddition())
    expect(added).toMatchObject({ status: 201, body: { quantity: 5, _info: { enteredBy: 'jmeyer' } } })
    const path = `agreements/30/additions/${added.body.id}`
    const edited = await send('PATCH', path, { quantity: -2, cancelledDate: '2026-09-30T00:00:00Z' }, 'tkay')
    expect(edited.body).toMatchObject({ quantity: -2, cancelledDate: '2026-09-30T00:00:00Z' })
    expect((await send('PATCH', path, { cancelledDate: null })).body).not.toHaveProperty('cancelledDate')
    const trail = await connectWise.call(
      'GET',
      `system/audittrail?type=AgreementAddition&id=${added.body.id}`,
    )
    expect(trail.body.map(({ enteredBy }) => enteredBy)).toEqual(['jmeyer', 'tkay', 'tkay', 'jmeyer'])
    expect((await send('DELETE', path)).status).toBe(204)
    expect((await connectWise.call('GET', additionsPath)).body).toEqual([])
  })

  it('are refused as the API refuses, with the field, and write nothing', async () => {
    const early = await send(
      'POST',
      'agreements/30/additions',
      newAddition({ effectiveDate: '2020-01-01T00:00:00Z' }),
    )
    expect(early).toMatchObject({
      status: 400,
      body: { message: 'addition object is invalid', errors: [{ field: 'effectiveDate' }] },
    })
    expect((await send('PATCH', 'catalog/41', { identifier: 'M365BP' })).body.errors[0]).toMatchObject({
      message: 'Product ID already in use.',
    })
    expect((await send('PATCH', 'agreements/30', { name: null })).status).toBe(400)
    expect((await connectWise.call('GET', additionsPath)).body).toEqual([])
  })

  it('need a member, and an addition of that agreement', async () => {
    expect((await send('PATCH', 'agreements/30', { name: 'New' }, 'nobody')).status).toBe(401)
    expect((await send('PATCH', 'agreements/30/additions/4711', { quantity: 1 })).status).toBe(404)
    const { id } = (await send('POST', 'agreements/30/additions', newAddition())).body
    expect((await send('DELETE', `agreements/31/additions/${id}`)).status).toBe(404)
  })

  it('change agreements and products, and offer what can be chosen', async () => {
    const fields = { billingCycle: { id: 4 }, periodType: 'Future', prorateFlag: false, currency: { id: 1 } }
    expect((await send('PATCH', 'agreements/30', fields)).body).toMatchObject({
      billingCycle: { name: 'Yearly' },
      periodType: 'Future',
      prorateFlag: false,
      currency: { currencyCode: 'AUD' },
    })
    expect((await send('PATCH', 'catalog/41', { inactiveFlag: true, price: 9 })).body).toMatchObject({
      price: 9,
    })
    const choices = await read('choices')
    expect(choices).toMatchObject({
      products: [{ id: 40, identifier: 'M365BP' }],
      currencies: [{ name: 'Australian Dollar' }, { name: 'New Zealand Dollar' }],
    })
    expect(await read('catalog')).toHaveLength(2)
  })
})

describe('the host screen', () => {
  it('serves its page and modules, and nothing outside its folder', async () => {
    const page = await fetch(`${connectWise.url}/`)
    expect(page.headers.get('content-type')).toContain('text/html')
    const script = await fetch(`${connectWise.url}/screen/screens/agreement.js`)
    expect(script.headers.get('content-type')).toContain('text/javascript')
    expect((await fetch(`${connectWise.url}/screen/..%2fhost-screen.ts`)).status).toBe(404)
    expect((await fetch(`${connectWise.url}/screen/nothing.js`)).status).toBe(404)
  })

  it('shows an agreement as the API does, with the pods installed on its screen [H1]', async () => {
    await connectWise.call('POST', additionsPath, newAddition())
    const install = (screenId: number, type: string) =>
      connectWise.call('POST', 'system/connectwisehostedsetups', {
        screenId,
        type,
        description: type,
        url: 'http://x',
      })
    await install(12, 'Pod')
    await install(8, 'Tab')
    const agreement = await read('agreements/30')
    expect(agreement).toMatchObject({
      agreement: { id: 30, company: { name: 'Wingtip Toys' } },
      additions: [{ quantity: 5, extPrice: 110 }],
      setups: [{ type: 'Pod', screen: 'agreement' }],
    })
    expect(await read('companies/10')).toMatchObject({ setups: [{ type: 'Tab', screen: 'company' }] })
  })

  it('tells by its version that records changed', async () => {
    const { version } = await read('version')
    expect((await read('version')).version).toBe(version)
    await connectWise.call('POST', additionsPath, newAddition())
    expect((await read('version')).version).not.toBe(version)
  })

  it('gives the member claim that the API then proves [H4]', async () => {
    const claim = await read('members/jmeyer/authentication')
    expect(claim).toMatchObject({ companyid: 'acme', memberid: 'jmeyer', memberContext: 'web' })
    const cookie = `companyName=acme; memberId=jmeyer; memberHash=${String(claim.memberHash)}; memberContext=web`
    const proven = await connectWise.call('GET', 'system/myMembers/info', undefined, {
      authorization: '',
      cookie,
    })
    expect(proven.body.identifier).toBe('jmeyer')
  })

  it('is neither logged nor struck by faults', async () => {
    await connectWise.call('POST', '/control/faults', { kind: '500' })
    expect((await connectWise.call('GET', '/host/companies')).status).toBe(200)
    expect((await connectWise.call('GET', '/control/requests')).body.total).toBe(0)
  })

  it('has no PRISM strip where no PRISM is known', async () => {
    expect(await read('session')).toMatchObject({
      prism: false,
      members: [{ name: 'Jo Meyer' }, { name: 'Tam Kay' }],
    })
    expect((await connectWise.call('POST', '/host/prism/next-invoice')).status).toBe(404)
  })
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { additionsPath, newAddition, startTiny } from '../connectwise/testing.ts'

let connectWise: Awaited<ReturnType<typeof startTiny>>
beforeEach(async () => {
  connectWise = await startTiny()
})
afterEach(() => connectWise.close())
const read = async (path: string) => (await connectWise.call('GET', `/host/${path}`)).body

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

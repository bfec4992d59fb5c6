import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { additionsPath, newAddition, startTiny, tinySeed } from './testing.ts'

let connectWise: Awaited<ReturnType<typeof startTiny>>
beforeEach(async () => {
  connectWise = await startTiny()
})
afterEach(() => connectWise.close())
const call: typeof connectWise.call = (...args) => connectWise.call(...args)
const deny = (...denied: string[]) => call('PUT', '/control/role', { denied })

describe('the role of the API keys', () => {
  it.each([
    ['Companies/Company Maintenance', 'company/companies', 'company/companies/10'],
    ['Finance/Agreements', 'finance/agreements', additionsPath],
    ['Procurement/Products', additionsPath, `${additionsPath}/count`],
    ['Procurement/Product Catalog', 'procurement/catalog', 'procurement/catalog/40'],
    ['System/Table Setup/Category', 'procurement/categories', 'procurement/categories/1'],
    [
      'System/Table Setup/Subcategories',
      'procurement/subcategories',
      'procurement/categories/1/subcategories',
    ],
    ['System/Table Setup/Product Type', 'procurement/types', 'procurement/types/count'],
    ['System/Table Setup/UOM', 'procurement/unitOfMeasures', 'procurement/unitOfMeasures/1'],
    ['General/Manage Hosted API', 'system/connectwisehostedsetups', 'system/connectWiseHostedScreens'],
  ])('without %s gets the 403 body, and only there', async (area, ...paths) => {
    for (const path of paths) expect((await call('GET', path)).status).toBe(200)
    await deny(area)
    for (const path of paths)
      expect(await call('GET', path)).toMatchObject({
        status: 403,
        body: { code: 'Security', message: 'You do not have security permission to perform this action.' },
      })
    expect((await call('GET', 'finance/billingCycles')).status).toBe(200)
  })

  it('may lack one level and keep the others', async () => {
    const { body } = await call('POST', additionsPath, newAddition())
    await deny('Finance/Agreements:Add', 'Procurement/Products:Delete')
    const one = `${additionsPath}/${String(body.id)}`
    const quantity = [{ op: 'replace', path: 'quantity', value: 8 }]
    expect((await call('POST', additionsPath, newAddition())).status).toBe(403)
    expect((await call('DELETE', one)).status).toBe(403)
    expect((await call('PATCH', one, quantity)).status).toBe(200)
    expect((await call('GET', additionsPath)).body).toHaveLength(1)
  })

  it('refuses before it looks: a record that does not exist is no difference', async () => {
    await deny('Finance/Agreements')
    expect((await call('GET', 'finance/agreements/4711')).status).toBe(403)
  })

  it('is told what is no permission, and keeps what it had', async () => {
    await deny('Finance/Agreements:Add')
    const wrong = await deny('Finance/Agreements:Peek')
    expect(wrong.status).toBe(400)
    expect(wrong.body.message).toContain('"Finance/Agreements:Peek" is no permission')
    expect((await call('GET', '/control/role')).body).toMatchObject({ denied: ['Finance/Agreements:Add'] })
  })

  it('comes from the seed, and back to it with a reset', async () => {
    const limited = await startTiny(tinySeed({}, { denied: ['Procurement/Product Catalog:Add'] }))
    await limited.call('PUT', '/control/role', { denied: [] })
    await limited.call('POST', '/control/reset')
    const { body } = await limited.call('GET', '/control/role')
    await limited.close()
    expect(body).toMatchObject({ denied: ['Procurement/Product Catalog:Add'] })
  })
})

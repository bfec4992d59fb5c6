/**
 * connectwise-rest as it comes, without our adapter, against the stand-in: what a stranger's client would do. Over TLS, as
 * the library insists on https, and over http with a changed base URL.
 */
import { globalAgent } from 'node:https'
import { type Manage, ManageAPI } from 'connectwise-rest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ConnectWise, createConnectWise } from '#standin/connectwise/server.ts'
import { catalogItem, tinySeed } from '#standin/connectwise/testing.ts'
import { createClock } from '#standin/http/clock.ts'
import { localhostTls } from '#standin/http/localhost-tls.ts'

/** More than two pages of the longest kind. */
const items = 2_345
const seed = tinySeed({
  catalog: Array.from({ length: items }, (_, index) =>
    catalogItem(index + 1, `SKU${index + 1}`, `ms-${index + 1}`),
  ),
})
const agreement = 30

function library(companyUrl: string): ManageAPI {
  return new ManageAPI({
    companyId: 'acme',
    companyUrl,
    publicKey: 'pub',
    privateKey: 'priv',
    clientId: '00000000-0000-4000-8000-000000000000',
    entryPoint: 'v2025_1',
    apiVersion: '2025.1',
    logger: () => undefined,
  })
}

/**
 * Its sections keep their axios in a private field each (docs/facts/connectwise.md, "The client library").
 */
function withBaseUrl(api: ManageAPI, url: string): ManageAPI {
  for (const section of [api, ...Object.values(api)] as { instance?: { defaults: { baseURL: string } } }[])
    if (section?.instance?.defaults) section.instance.defaults.baseURL = `${url}/v2025_1/apis/3.0`
  return api
}

let overTls: ConnectWise
let overHttp: ConnectWise
const apis: { tls?: ManageAPI; http?: ManageAPI } = {}
const trusted = globalAgent.options.ca
beforeAll(async () => {
  const clock = createClock('2026-09-15')
  overTls = createConnectWise({ seed, clock, tls: localhostTls })
  overHttp = createConnectWise({ seed, clock })
  globalAgent.options.ca = localhostTls.cert
  apis.tls = library(`localhost:${new URL(await overTls.listen(0)).port}`)
  apis.http = withBaseUrl(library('nowhere.invalid'), await overHttp.listen(0))
})
afterAll(async () => {
  globalAgent.options.ca = trusted
  await Promise.all([overTls.close(), overHttp.close()])
})

describe.each(['tls', 'http'] as const)('connectwise-rest, unmodified, over %s', (transport) => {
  const api = (): ManageAPI => {
    const made = apis[transport]
    if (made === undefined) throw new Error('The stand-in is not listening yet')
    return made
  }

  it.each([
    ['its own page size', {}],
    ['pages of 100', { pageSize: 100 }],
    ['pages of 1000', { pageSize: 1000 }],
    ['pages of 1000 from the second on', { startPage: 2, pageSize: 1000 }],
  ])('paginates the catalog with %s', async (_, options) => {
    const read = (await api().paginate(api().ProcurementAPI.getProcurementCatalog, options, {
      orderBy: 'id asc',
    })) as { id: number }[]
    const first = 'startPage' in options ? 1_001 : 1
    expect(read.map(({ id }) => id)).toEqual(
      Array.from({ length: items - first + 1 }, (_, index) => index + first),
    )
  })

  it('takes conditions as axios writes them, spaces as plus signs', async () => {
    const found = await api().ProcurementAPI.getProcurementCatalog({
      conditions: 'vendorSku in ("ms-7", "ms-8") and inactiveFlag = false',
      fields: 'id,vendorSku',
      orderBy: 'id desc',
    })
    expect(found).toEqual([
      { id: 8, vendorSku: 'ms-8' },
      { id: 7, vendorSku: 'ms-7' },
    ])
    expect(await api().ProcurementAPI.getProcurementCatalogCount({ conditions: 'id<=12' })).toEqual({
      count: 12,
    })
  })

  it('creates, reads, patches, replaces and deletes an addition', async () => {
    const { FinanceAPI } = api()
    const addition = {
      product: { id: 7 },
      quantity: 5,
      unitPrice: 12.5,
      billCustomer: 'Billable',
      effectiveDate: '2026-09-12T00:00:00Z',
    } as Manage.FinanceAPITypes.Addition
    const { id = 0, ...created } = await FinanceAPI.postFinanceAgreementsByParentIdAdditions(
      agreement,
      addition,
    )
    expect(created).toMatchObject({ quantity: 5, extPrice: 62.5, product: { id: 7, identifier: 'SKU7' } })

    const operations = [{ op: 'replace', path: 'quantity', value: 8 }] as unknown as Parameters<
      typeof FinanceAPI.patchFinanceAgreementsByParentIdAdditionsById
    >[2]
    await FinanceAPI.patchFinanceAgreementsByParentIdAdditionsById(id, agreement, operations)
    expect(await FinanceAPI.getFinanceAgreementsByParentIdAdditionsById(id, agreement)).toMatchObject({
      quantity: 8,
      extPrice: 100,
    })

    const replaced = await FinanceAPI.putFinanceAgreementsByParentIdAdditionsById(id, agreement, {
      ...addition,
      serialNumber: 'abc',
    })
    expect(replaced).toMatchObject({ quantity: 5, serialNumber: 'abc' })

    expect(await FinanceAPI.deleteFinanceAgreementsByParentIdAdditionsById(id, agreement)).toBe('')
    expect(await FinanceAPI.getFinanceAgreementsByParentIdAdditions(agreement)).toEqual([])
  })

  it('reports a refusal as it does those of a real one', async () => {
    const wrong = { product: { id: 7 }, billCustomer: 'Billable', effectiveDate: '2025-12-31T00:00:00Z' }
    const refusal = api().FinanceAPI.postFinanceAgreementsByParentIdAdditions(
      agreement,
      wrong as Manage.FinanceAPITypes.Addition,
    )
    await expect(refusal).rejects.toMatchObject({
      status: 400,
      data: {
        code: 'InvalidObject',
        message: 'addition object is invalid',
        errors: [{ message: 'effectiveDate cannot be less than the agreement billing start date' }],
      },
    })
    await expect(api().CompanyAPI.getCompanyCompaniesById(4711)).rejects.toMatchObject({ status: 404 })
  })

  it('reaches each of the sections that the product uses', async () => {
    const { CompanyAPI, FinanceAPI, ProcurementAPI, SystemAPI } = api()
    const lists = await Promise.all([
      CompanyAPI.getCompanyCompanies(),
      FinanceAPI.getFinanceAgreements(),
      FinanceAPI.getFinanceAgreementsTypes(),
      FinanceAPI.getFinanceBillingCycles(),
      ProcurementAPI.getProcurementCategories(),
      ProcurementAPI.getProcurementTypes(),
      ProcurementAPI.getProcurementUnitOfMeasures(),
      SystemAPI.getSystemConnectwisehostedsetups(),
    ])
    expect(lists.every(Array.isArray)).toBe(true)
    expect(lists.slice(0, 7).every((list) => list.length > 0)).toBe(true)
  })
})

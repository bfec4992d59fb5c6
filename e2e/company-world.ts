/** A company with four agreements, for the tests of the company's screens. */
import { type APIRequestContext, expect } from '@playwright/test'
import { addressOf, connectWiseHeaders, ownerLogin } from './screens.ts'
import { app } from './site.ts'

const headers = connectWiseHeaders
const api = (path: string): string => `${addressOf('connectWise')}/v2025_1/apis/3.0/${path}`

/** An agreement of the demo that can be mapped, as a pattern. */
const PATTERN = 31
const AGREEMENTS = [
  { name: 'Cloud' },
  { name: 'Projects' },
  { name: 'Security' },
  { name: 'Cloud 2025', endDate: '2026-06-30T00:00:00Z', noEndingDateFlag: false },
] as const

export interface MadeCompany {
  readonly id: number
  readonly name: string
  readonly agreements: readonly number[]
}

async function made(request: APIRequestContext, path: string, data: object): Promise<{ id: number }> {
  const answer = await request.post(api(path), { headers, data })
  expect(answer.status(), await answer.text()).toBe(201)
  return (await answer.json()) as { id: number }
}

/** In ConnectWise, with A. Datum's website, three agreements that can be mapped and one that has ended. */
export async function makeCompany(request: APIRequestContext, name: string): Promise<MadeCompany> {
  const identifier = `${name.replaceAll(' ', '')}${Date.now() % 1_000_000}`
  const { id } = await made(request, 'company/companies', {
    identifier,
    name,
    addressLine1: '1 Example Street',
    website: 'https://www.adatum.example/',
    types: [{ id: 1 }],
  })
  const contact = await made(request, 'company/contacts', { name: 'Accounts', company: { id } })
  const pattern = await request.get(api(`finance/agreements/${PATTERN}`), { headers })
  const {
    id: _,
    _info,
    name: __,
    company: ___,
    contact: ____,
    ...like
  } = (await pattern.json()) as Record<string, unknown>
  const agreements: number[] = []
  for (const each of AGREEMENTS) {
    const data = { ...like, ...each, company: { id }, contact: { id: contact.id } }
    agreements.push((await made(request, 'finance/agreements', data)).id)
  }
  return { id, name, agreements }
}

/** The three customers that the demo maps nowhere are mapped nowhere, whatever other tests did. */
export async function clearMappings(request: APIRequestContext): Promise<void> {
  await request.post(app('/api/session'), { data: ownerLogin() })
  for (const search of ['relecloud', 'datum', 'bestforyou']) {
    const found = await request.get(app(`/api/programs/microsoft-csp/customers?search=${search}`))
    const { customers } = (await found.json()) as {
      customers: { tenantId: string; mapping: object | null }[]
    }
    for (const { tenantId, mapping } of customers) {
      if (mapping === null) continue
      const path = `/api/programs/microsoft-csp/customers/${tenantId}/mapping?leave=true`
      const answer = await request.delete(app(path), { headers: { origin: addressOf('app') } })
      expect(answer.status()).toBe(204)
    }
  }
}

/** The facts that take writing, on one test company (docs/facts/connectwise.md). About 40 requests. */
import { expect } from 'vitest'
import {
  confirm,
  type Fact,
  fact,
  type Json,
  observed,
  rowsOf,
  type Seen,
  type Site,
} from './connectwise-site.ts'

export interface Workplace {
  readonly additions: string
  readonly productId: number
}

/** The agreement's additions and the catalog item to write with; what it makes goes into `made`.
 * Throws unless exactly one company has the identifier; nothing is written before that. */
export async function prepare(site: Site, company: string, made: string[]): Promise<Workplace> {
  if (!/^[\w .-]+$/.test(company))
    throw new Error('The test company has letters, digits, spaces, dots and dashes only.')
  const list = async (path: string, query: Record<string, string>) =>
    rowsOf(await site.ask('GET', `${path}?${new URLSearchParams(query)}`))
  const found = await list('company/companies', { conditions: `identifier="${company}"` })
  const [target] = found
  if (target === undefined || found.length !== 1)
    throw new Error(`${found.length} companies are called ${company}; the writing part needs exactly one.`)
  const one = async (path: string, conditions = '') => {
    const [row] = await list(path, { pageSize: '1', ...(conditions && { conditions }) })
    if (row === undefined) throw new Error(`The writing part needs one of ${path} ${conditions}.`)
    return { id: row.id }
  }
  const make = async (path: string, body: Json) => {
    const seen = await site.ask('POST', path, { body })
    if (seen.status !== 201) throw new Error(`Could not create in ${path}: ${observed(seen)}`)
    const { id } = seen.body as { id: number }
    made.push(`${path}/${id}`)
    return id
  }
  const name = `Conformance ${Date.now()}`
  const subcategory = rowsOf(await site.ask('GET', 'procurement/subcategories?pageSize=1'))[0]
  const productId = await make('procurement/catalog', {
    identifier: name,
    description: name,
    customerDescription: name,
    subcategory: { id: subcategory?.id },
    type: await one('procurement/types'),
    productClass: 'NonInventory',
    price: 10,
    cost: 8,
  })
  const agreementId = await make('finance/agreements', {
    name,
    type: await one('finance/agreements/types'),
    company: { id: target.id },
    contact: await one('company/contacts', site.target.isReal ? `company/id=${String(target.id)}` : ''),
    billingCycle: await one('finance/billingCycles', 'billingOptions="Monthly"'),
    startDate: '2026-01-01T00:00:00Z',
    billStartDate: '2026-01-01T00:00:00Z',
    noEndingDateFlag: true,
    prorateFlag: true,
  })
  return { additions: `finance/agreements/${agreementId}/additions`, productId }
}

/** Removes all of `made`, newest first; answers what it could not remove. */
export async function remove(site: Site, made: readonly string[]): Promise<string[]> {
  const left: string[] = []
  for (const path of made.toReversed()) {
    const seen = await site.ask('DELETE', path)
    if (seen.status !== 204 && seen.status !== 404) left.push(`${path}: ${observed(seen)}`)
  }
  return left
}

export function writingFacts(place: () => Workplace, made: string[]): readonly Fact[] {
  const create = async (site: Site, more: Json = {}): Promise<Seen> => {
    const body = {
      product: { id: place().productId },
      billCustomer: 'Billable',
      quantity: 5,
      unitPrice: 10,
      effectiveDate: '2026-01-01T00:00:00Z',
      ...more,
    }
    const seen = await site.ask('POST', place().additions, { body })
    if (seen.status === 201) made.push(`${place().additions}/${(seen.body as { id: number }).id}`)
    return seen
  }
  const created = async (site: Site, more?: Json) => {
    const seen = await create(site, more)
    expect(seen.status, observed(seen)).toBe(201)
    return `${place().additions}/${(seen.body as { id: number }).id}`
  }
  const patch = (site: Site, path: string, field: string, value: unknown) =>
    site.ask('PATCH', path, { body: [{ op: 'replace', path: field, value }] })
  return [
    fact(
      'seen',
      'an addition is created with 201, patched with 200 and deleted with 204 (4)',
      async (site) => {
        const path = await created(site)
        const patched = await patch(site, path, 'quantity', 12)
        expect([patched.status, (patched.body as Json).quantity]).toEqual([200, 12])
        expect((await site.ask('DELETE', path)).status).toBe(204)
        expect((await site.ask('GET', path)).status).toBe(404)
      },
    ),
    fact('seen', 'a patch of a path with a slash is a false 200 (4)', async (site) => {
      const path = await created(site)
      const seen = await patch(site, path, 'product/identifier', 'nothing')
      expect(seen.status, observed(seen)).toBe(200)
      const { body } = await site.ask('GET', path)
      expect((body as { product: Json }).product.id).toBe(place().productId)
    }),
    fact('seen', 'a patch of a path with a slash in front is done (14)', async (site) => {
      const seen = await patch(site, await created(site), '/quantity', 7)
      expect([seen.status, (seen.body as Json).quantity], observed(seen)).toEqual([200, 7])
    }),
    fact('seen', 'a date with fractional seconds is refused (14)', async (site) => {
      const seen = await create(site, { effectiveDate: '2026-01-01T00:00:00.000Z' })
      expect(seen.status, observed(seen)).toBe(400)
      expect(seen.text).toContain('Unsupported format')
    }),
    fact('unknown', 'a read right after a write shows it (14)', async (site) => {
      const path = await created(site)
      await patch(site, path, 'quantity', 9)
      const { body } = await site.ask('GET', path)
      confirm((body as Json).quantity === 9, 'the new quantity at once', (body as Json).quantity)
    }),
    fact('unknown', 'the audit trail names who changed an addition (14)', async (site) => {
      const path = await created(site)
      await patch(site, path, 'quantity', 9)
      const query = new URLSearchParams({ type: 'AgreementAddition', id: path.split('/').at(-1) ?? '' })
      const seen = await site.ask('GET', `system/audittrail?${query}`)
      const entries = seen.status === 200 ? rowsOf(seen) : []
      confirm(
        entries.some((entry) => entry.enteredBy),
        'an entry with enteredBy',
        observed(seen),
      )
    }),
    fact('inferred', 'a patch of an unknown path is a 400 (4)', async (site) => {
      const seen = await patch(site, await created(site), 'nosuchfield', 1)
      confirm(seen.status === 400, '400', observed(seen))
    }),
    fact('seen', 'an effective date before the billing start is refused (5.1)', async (site) => {
      const seen = await create(site, { effectiveDate: '2025-12-31T00:00:00Z' })
      expect(seen.status, observed(seen)).toBe(400)
      expect(seen.text).toContain('effectiveDate cannot be less than the agreement billing start date')
    }),
    fact('seen', 'an addition ends by its cancelled date (9)', async (site) => {
      const seen = await patch(site, await created(site), 'cancelledDate', '2026-01-31T00:00:00Z')
      expect((seen.body as Json).cancelledDate, observed(seen)).toBe('2026-01-31T00:00:00Z')
    }),
    fact('unknown', 'a negative quantity is taken (5.1)', async (site) => {
      const seen = await create(site, { quantity: -1 })
      confirm(seen.status === 201, '201', observed(seen))
    }),
    fact('inferred', 'a second addition of one product is taken (5.1)', async (site) => {
      await created(site)
      const seen = await create(site)
      confirm(seen.status === 201, '201', observed(seen))
    }),
  ]
}

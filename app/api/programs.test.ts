/** Another program is one more entry of the registry: nothing else knows how many there are (C1). */

import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type * as Real from '#lib/programs/registry.ts'
import { demoMappings } from '../../standin/data/index.ts'
import { customersSchema } from './schemas/customers.ts'
import { inboxSchema } from './schemas/inbox.ts'
import { startedRunSchema } from './schemas/jobs.ts'
import { podContentSchema } from './schemas/pod.ts'
import { productsSchema } from './schemas/products.ts'
import { programSchema } from './schemas/programs.ts'
import { runsSchema } from './schemas/runs.ts'
import { type ApiWorld, asOwner, type CallApi, settled, startApiWorld } from './testing/api-world.ts'
import { connect } from './testing/organisation.ts'
import { readAnswer, refusal } from './testing/reading.ts'

type Registry = typeof Real

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))
vi.mock('#lib/programs/registry.ts', async (original) => {
  const registry = await original<Registry>()
  const [first] = registry.programs
  // PRISM calls it by the name that the demo's invoices have, the first program by another.
  const second = { ...first, slug: 'second', name: 'Second program' }
  const programs = [{ ...first, prismName: 'Nobody' }, second] as const
  return {
    ...registry,
    programs,
    programBySlug: (slug: string) => programs.find((each) => each.slug === slug),
  }
})

const P = '/api/programs/second'
let world: ApiWorld
let api: CallApi
beforeAll(async () => {
  world = await startApiWorld()
  api = await asOwner()
  await connect(world, api)
  await settled()
})
afterAll(() => world.stop())

describe('a second program', () => {
  const [coho] = demoMappings()
  const { tenantId, ...mapping } = coho ?? { tenantId: '' }

  it('has options of its own [C1][C2][C3][C4][C5][J10]', async () => {
    const options = {
      enabled: true,
      productMode: 'all',
      syncAzure: true,
      exactAmounts: true,
      emails: ['billing@northwind.example'],
      defaults: { taxable: false },
      guards: { endedShare: null },
    }
    const { defaults, guards, ...set } = await readAnswer(api, programSchema, 'PUT', P, options)
    expect(set).toMatchObject({
      name: 'Second program',
      enabled: true,
      productMode: 'all',
      syncAzure: true,
      exactAmounts: true,
    })
    expect(defaults).toMatchObject({ category: 'Miscellaneous', taxable: false })
    expect(guards).toEqual({ endedShare: null, totalShare: 0.3 })
    expect(await readAnswer(api, programSchema, 'GET', '/api/programs/microsoft-csp')).toMatchObject({
      enabled: false,
      exactAmounts: false,
      emails: [],
    })
    expect(await refusal(api('PUT', P, { body: { emails: ['nobody'] } }))).toMatchObject({
      code: 'request-invalid',
    })
  })

  it('syncs its products and its customers, and the pod shows its agreement [C1]', async () => {
    await readAnswer(api, startedRunSchema, 'POST', `${P}/products/sync`)
    await settled()
    await api('PUT', `${P}/customers/${tenantId}/mapping`, { body: { ...mapping, syncEnabled: true } })
    await readAnswer(api, startedRunSchema, 'POST', `${P}/customers/${tenantId}/sync`)
    await settled()
    const { runs } = await readAnswer(api, runsSchema, 'GET', '/api/runs?program=second')
    expect(runs.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['customers', 'products']))
    expect(runs.every(({ state }) => state === 'finished')).toBe(true)
    expect((await readAnswer(api, runsSchema, 'GET', '/api/runs?program=microsoft-csp')).runs).toEqual([])

    const pod = await readAnswer(api, podContentSchema, 'GET', `/api/hosted/agreements/${coho?.agreementId}`)
    expect(pod).toMatchObject({ state: 'mapped', program: { slug: 'second', name: 'Second program' } })
    expect((await readAnswer(api, productsSchema, 'GET', `${P}/products`)).total).toBeGreaterThan(5)
  })

  it('lists its customers by state and last result [E1]', async () => {
    const of = (query: string) => readAnswer(api, customersSchema, 'GET', `${P}/customers?${query}`)
    const all = await of('sort=-result')
    expect(all.customers[0]).toMatchObject({ tenantId, lastResult: { status: expect.any(String) } })
    expect(all.customers[0]?.running).toBe(false)
    const [syncing, attention, unmapped] = await Promise.all(
      ['syncing', 'attention', 'unmapped'].map((state) => of(`state=${state}`)),
    )
    expect((syncing?.total ?? 0) + (attention?.total ?? 0)).toBe(1)
    expect(unmapped?.total).toBe(all.total - 1)
    expect((await of('search=COHO')).customers.map(({ name }) => name)).toEqual(['Coho Winery'])
    await api('PUT', `${P}/customers/${tenantId}/mapping`, { body: { ...mapping, syncEnabled: false } })
    expect((await of('state=mapped')).customers.map((each) => each.tenantId)).toEqual([tenantId])
  })

  it('has nobody in its inbox who asks to be let in: the first program’s has them, once [C1, B6, J1]', async () => {
    const { db } = (await import('#app/process/process.ts')).server()
    await db.execute(sql`
      INSERT INTO users (organisation_id, email, role, waiting_since)
      SELECT id, 'new@northwind.example', 'viewer', now() FROM organisations`)
    const wanting = async (program: string) =>
      (await readAnswer(api, inboxSchema, 'GET', `/api/inbox?program=${program}&kind=wants-in`)).waiting
    expect([await wanting('microsoft-csp'), await wanting('second')]).toEqual([1, 0])
  })
})

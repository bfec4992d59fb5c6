import { afterAll, beforeAll, it, vi } from 'vitest'
import { organisationIds } from '#db/directory/organisations.ts'
import { storeTenants } from '#db/prism/tenants.ts'
import { asOwner, startApiWorld, settled, type ApiWorld, type CallApi } from './testing/api-world.ts'
import { connect, switchSyncOn, scheduledCall } from './testing/organisation.ts'
import { readAnswer } from './testing/reading.ts'
import { reviewSchema, savedSchema } from './schemas/mappings.ts'
vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))
let world: ApiWorld, api: CallApi
beforeAll(async () => { world = await startApiWorld(); api = await asOwner(); await connect(world, api); await switchSyncOn(api); await world.issueNextInvoice(); await scheduledCall(); await settled() })
afterAll(() => world.stop())
it('perf', async () => {
  const { db } = (await import('#app/process/process.ts')).server()
  const [of = ''] = await organisationIds(db)
  const N = 10_000
  await storeTenants(db, of, 'microsoft-csp', Array.from({ length: N }, (_, i) => ({ id: `t-${i}`, customerId: '', customerName: `Customer ${i}`, domain: `c${i}.example`, status: 'Active', subscriptions: [], keptSubscriptions: [] })))
  const { store } = world.connectWise
  const [c] = store.all('companies'); const [a] = store.all('agreements')
  for (let i = 0; i < 3000; i++) { store.put('companies', { ...c, id: 50_000 + i, identifier: `Co${i}`, name: `Customer ${i} Pty` } as never, 'x'); store.put('agreements', { ...a, id: 60_000 + i, company: { id: 50_000 + i, name: `Customer ${i} Pty`, identifier: `Co${i}` } } as never, 'x') }
  const P = '/api/programs/microsoft-csp'
  for (const [from, n, sync] of [[0, 1000, 'on'], [1000, 1000, ''], [2000, 1000, 'on']] as const) {
    const text = `Domain,Company,Agreement,Sync\n` + Array.from({ length: n }, (_, i) => `c${from + i}.example,Co${from + i},${a?.['name']},${sync}`).join('\n')
    const file = Buffer.from(text).toString('base64')
    let t = performance.now()
    const before = world.connectWise.requests.report().requests.length
    const r = await readAnswer(api, reviewSchema, 'POST', `${P}/mappings/review`, { file })
    console.log('review', n, sync, JSON.stringify(r.counts), Math.round(performance.now() - t), 'ms', world.connectWise.requests.report().requests.length - before, 'requests', r.changes[0]?.problems)
    t = performance.now()
    console.log('save', await readAnswer(api, savedSchema, 'POST', `${P}/mappings/import`, { file, seen: r.seen }), Math.round(performance.now() - t), 'ms')
  }
  const t = performance.now()
  const all = new Uint8Array(await (await api('GET', `${P}/mappings/csv`)).arrayBuffer())
  console.log('export', all.length, Math.round(performance.now() - t), 'ms')
  const t2 = performance.now()
  const r = await readAnswer(api, reviewSchema, 'POST', `${P}/mappings/review`, { file: Buffer.from(all).toString('base64') })
  console.log('same', JSON.stringify(r.counts), Math.round(performance.now() - t2), 'ms')
  const t3 = performance.now()
  const sw = await readAnswer(api, reviewSchema, 'POST', `${P}/customers/switch/review`, { tenantIds: Array.from({ length: 1000 }, (_, i) => `t-${1000 + i}`), syncEnabled: true })
  console.log('switch review', JSON.stringify(sw.counts), Math.round(performance.now() - t3), 'ms')
  const t4 = performance.now()
  await readAnswer(api, savedSchema, 'POST', `${P}/customers/switch`, { tenantIds: Array.from({ length: 1000 }, (_, i) => `t-${1000 + i}`), syncEnabled: true, seen: sw.seen, missed: 'latest' })
  console.log('switch save', Math.round(performance.now() - t4), 'ms')
}, 300_000)

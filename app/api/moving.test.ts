/** A mapping that moves or is cleared (E5), over the API and two organisations that have the same customer. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { demoMappings } from '../../standin/data/index.ts'
import { connectionSchema } from './schemas/connections.ts'
import { mappedCustomerSchema } from './schemas/customers.ts'
import { consequencesSchema } from './schemas/leaving.ts'
import { podContentSchema } from './schemas/pod.ts'
import { type ApiWorld, asOwner, type CallApi, operatorSecret, startApiWorld } from './testing/api-world.ts'
import {
  anotherOrganisation,
  connect,
  mapCustomer,
  scheduledCall,
  switchSyncOn,
} from './testing/organisation.ts'
import { done, readAnswer, refusal } from './testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

const PROGRAM = '/api/programs/microsoft-csp'
const [coho, , other] = demoMappings()
if (coho === undefined || other === undefined) throw new Error('The demo maps several customers')
const COHO = `${PROGRAM}/customers/${coho.tenantId}`
const OLD = `/api/hosted/agreements/${coho.agreementId}`
const there = { companyId: coho.companyId, agreementId: coho.agreementId, syncEnabled: true }
const target = { companyId: other.companyId, agreementId: other.agreementId, syncEnabled: true }

let world: ApiWorld
let ours: CallApi
let theirs: CallApi

const connectWise = async () => {
  const { connectWiseOf } = await import('#app/process/clients.ts')
  const { server } = await import('#app/process/process.ts')
  const { organisations } = await import('../../db/schema.ts')
  const all = await server().db.select().from(organisations)
  const own = all.find(({ name }) => name !== 'Adventure Works')
  return connectWiseOf(own?.id ?? '')
}

const additionsOn = async (agreementId: number): Promise<{ open: number }> => {
  const { client } = await connectWise()
  const { additions } = await client.additions(agreementId)
  return { open: additions.filter(({ cancelledDate }) => cancelledDate === null).length }
}

beforeAll(async () => {
  world = await startApiWorld({ OPERATOR_SECRET: operatorSecret })
  ours = await asOwner()
  const made = await anotherOrganisation()
  theirs = made.api
  await connect(world, ours)
  await readAnswer(theirs, connectionSchema, 'PUT', '/api/connections/prism', world.prismInput)
  await world.issueNextInvoice()
  await switchSyncOn(ours)
  await mapCustomer(ours, coho)
  // Theirs has the same customer on an agreement of the same number; it has no ConnectWise of its own.
  const { server } = await import('#app/process/process.ts')
  const { putMapping } = await import('#db/mappings/mappings.ts')
  await putMapping(server().db, made.id, 'microsoft-csp', coho.tenantId, there)
  await scheduledCall()
})
afterAll(() => world.stop())

const consequences = (api: CallApi, query = '') =>
  readAnswer(api, consequencesSchema, 'GET', `${COHO}/mapping/consequences${query}`)

describe('a mapping that moves', () => {
  it('says before what stays open on the old agreement, what it bills, and from when the new one bills [E5]', async () => {
    const { leaving } = await consequences(ours, `?agreementId=${target.agreementId}`)
    expect(leaving?.open.length).toBeGreaterThan(0)
    expect(Number(leaving?.monthly.price)).toBeGreaterThan(0)
    expect(leaving).toMatchObject({
      agreementId: coho.agreementId,
      takesOver: { because: expect.any(String) },
    })
    expect(await consequences(ours, `?agreementId=${coho.agreementId}`)).toEqual({ leaving: null })
    const problem = await refusal(ours('GET', `${COHO}/mapping/consequences?agreementId=2000000`))
    expect(problem).toMatchObject({ code: 'not-found' })
  })

  it('is not saved before a person has answered, and never with a month that is billed there [E5]', async () => {
    const { leaving } = await consequences(ours, `?agreementId=${target.agreementId}`)
    const asked = await refusal(ours('PUT', `${COHO}/mapping`, { body: target }))
    expect(asked).toMatchObject({ code: 'still-billed', status: 409, leaving })
    const early = { ...target, takesOver: '2026-01' }
    const refused = await refusal(ours('PUT', `${COHO}/mapping`, { body: early }))
    expect(refused.code).toBe('conflict')
    expect(refused.detail).toMatch(/bills the months before [A-Z]\w+ 20\d\d;/)
    expect(await consequences(ours)).not.toEqual({ leaving: null })
  })

  it('ends on the old one and goes on on the new one with the next sync; the other organisation’s stays [E5]', async () => {
    const { leaving } = await consequences(ours, `?agreementId=${target.agreementId}`)
    const before = await additionsOn(target.agreementId)
    const body = { ...target, takesOver: leaving?.takesOver.from }
    const { mapping } = await readAnswer(ours, mappedCustomerSchema, 'PUT', `${COHO}/mapping`, body)
    expect(mapping).toMatchObject({ agreementId: target.agreementId })
    const pod = await readAnswer(ours, podContentSchema, 'GET', OLD)
    expect(pod.moved).toMatchObject([
      { isDone: false, goesTo: expect.stringContaining(mapping.agreementName) },
    ])

    await scheduledCall()
    expect(await additionsOn(coho.agreementId)).toEqual({ open: 0 })
    expect((await additionsOn(target.agreementId)).open).toBe(before.open + (leaving?.open.length ?? 0))
    expect((await readAnswer(ours, podContentSchema, 'GET', OLD)).moved).toMatchObject([{ isDone: true }])

    const hers = await readAnswer(theirs, podContentSchema, 'GET', OLD)
    expect(hers).toMatchObject({ state: 'mapped', moved: [] })
  })

  it('cannot be started anew with a month that the old one bills [F12]', async () => {
    const pod = await readAnswer(ours, podContentSchema, 'GET', OLD)
    const body = { first: pod.moved[0]?.until }
    const refused = await refusal(ours('PUT', `${COHO}/next-period`, { body }))
    expect(refused.code).toBe('conflict')
    expect(refused.detail).toMatch(/bills the customer up to [A-Z]\w+ 20\d\d,/)
  })

  it('is written down for the audit with what was decided', async () => {
    const answer = await ours('GET', '/api/audit')
    const { events } = (await answer.json()) as { events: { action: string; detail: unknown }[] }
    const [event] = events.filter(({ action }) => action === 'map-customer')
    expect(JSON.stringify(event)).toContain('takesOver')
  })
})

describe('a mapping that is cleared', () => {
  it('has no default: neither its end nor that it stays is assumed [E5]', async () => {
    expect(await refusal(ours('DELETE', `${COHO}/mapping`))).toMatchObject({
      code: 'still-billed',
      leaving: { agreementId: target.agreementId },
    })
    const both = await refusal(ours('DELETE', `${COHO}/mapping?end=2026-12&leave=true`))
    expect(both).toMatchObject({ code: 'request-invalid' })
    const early = await refusal(ours('DELETE', `${COHO}/mapping?end=2026-01`))
    expect(early).toMatchObject({ code: 'conflict' })
  })

  it('ends what is there after the month that was chosen, by the next scheduled sync [E5]', async () => {
    const { leaving } = await consequences(ours)
    const open = await additionsOn(target.agreementId)
    await done(ours, 'DELETE', `${COHO}/mapping?end=2026-12`)
    await scheduledCall()
    expect((await additionsOn(target.agreementId)).open).toBe(open.open - (leaving?.open.length ?? 0))
    expect(await refusal(ours('DELETE', `${COHO}/mapping?end=2026-12`))).toMatchObject({ code: 'not-mapped' })
  })

  it('takes over, mapped to another agreement, after the last month there [E5]', async () => {
    await readAnswer(ours, mappedCustomerSchema, 'PUT', `${COHO}/mapping`, there)
    const before = await additionsOn(coho.agreementId)
    await world.issueNextInvoice()
    await scheduledCall()
    const { client } = await connectWise()
    const { additions } = await client.additions(coho.agreementId)
    expect(before.open).toBe(0)
    expect(additions.flatMap((each) => (each.cancelledDate === null ? [each.effectiveDate] : []))).toEqual(
      Array((await additionsOn(coho.agreementId)).open).fill('2027-01-01'),
    )
    expect((await additionsOn(coho.agreementId)).open).toBeGreaterThan(0)
    await done(ours, 'DELETE', `${COHO}/mapping?leave=true`)
  })

  it('leaves what is there where a person says so, even while ConnectWise is out of reach [E5]', async () => {
    expect(await refusal(theirs('DELETE', `${COHO}/mapping`))).toMatchObject({
      code: 'connectwise-not-connected',
    })
    await done(theirs, 'DELETE', `${COHO}/mapping?leave=true`)
    const gone = await refusal(theirs('DELETE', `${COHO}/mapping?leave=true`))
    expect(gone).toMatchObject({ code: 'not-mapped' })
    expect(await readAnswer(ours, podContentSchema, 'GET', OLD)).toMatchObject({
      moved: [{ until: null, goesTo: null, isDone: true }],
    })
  })
})

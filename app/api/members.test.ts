/** What members of ConnectWise may in a pod: as the owner says, on the record that the screen shows, while all of it holds. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { MemberRight } from '#lib/base/member-rights.ts'
import { demoMappings } from '../../standin/data/index.ts'
import { auditSchema } from './schemas/audit.ts'
import { membersSchema } from './schemas/members.ts'
import { podContentSchema } from './schemas/pod.ts'
import { type ApiWorld, type CallApi, call, settled } from './testing/api-world.ts'
import { askSession, type Claim, claimOf, podOf, publicIdOf } from './testing/members.ts'
import { mapCustomer, startOrganisation } from './testing/organisation.ts'
import { done, readAnswer, refusal } from './testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

const P = '/api/programs/microsoft-csp'
const mappedContentSchema = podContentSchema.options[0]
const [coho, other] = demoMappings()
if (coho === undefined || other === undefined) throw new Error('The demo maps at least two customers')
const ofCoho = { type: 'agreement', id: coho.agreementId } as const

let world: ApiWorld
let boss: CallApi
let org: string
let clerk: Claim
let technician: Claim
beforeAll(async () => {
  ;({ world, api: boss } = await startOrganisation())
  await world.issueNextInvoice()
  for (const customer of [coho, other]) {
    await mapCustomer(boss, customer)
    expect((await boss('POST', `${P}/customers/${customer.tenantId}/sync`)).status).toBe(202)
    await settled()
  }
  org = await publicIdOf(boss)
  clerk = await claimOf(world.connectWise, 'GClerk')
  technician = await claimOf(world.connectWise, 'TTech')
})
afterAll(() => world.stop())

const everyone = (right: MemberRight) => readAnswer(boss, membersSchema, 'PUT', '/api/members', { right })
const own = (memberId: string, right: MemberRight | null) =>
  readAnswer(boss, membersSchema, 'PUT', `/api/members/${memberId}`, { right })
const pod = (claim = clerk, record: Parameters<typeof podOf>[0]['record'] = ofCoho) =>
  podOf({ org, claim, record })
const content = `/api/hosted/agreements/${coho.agreementId}`
const plan = `${P}/customers/${coho.tenantId}/plan`
const sync = `${P}/customers/${coho.tenantId}/sync`

describe('what a member may', () => {
  beforeEach(async () => {
    await everyone('look')
    for (const id of ['gclerk', 'ttech']) await own(id, null)
  })

  it('is to look without the cost, where the owner has said nothing [H4]', async () => {
    const { db } = (await import('#app/process/process.ts')).server()
    const { createOrganisation } = await import('#db/directory/organisations.ts')
    expect((await createOrganisation(db, { name: 'New' })).membersRight).toBe('look')
  })

  it('is what every member may, or their own right, whatever the case of their name [H4]', async () => {
    const may = async (claim: Claim): Promise<object> =>
      ((await (await (await pod(claim))('GET', content)).json()) as { may: object }).may
    expect(await may(clerk)).toEqual({ sync: false, map: false, skip: false, seeCost: false, undo: false })
    await everyone('look-with-cost')
    expect(await may(clerk)).toEqual({ sync: false, map: false, skip: false, seeCost: true, undo: false })
    const shown = await own('GCLERK', 'map-and-sync')
    expect(shown.members.find(({ memberId }) => memberId === 'gclerk')).toMatchObject({
      name: 'Grace Clerk',
      ownRight: 'map-and-sync',
    })
    expect(await may(clerk)).toEqual({ sync: true, map: true, skip: false, seeCost: true, undo: true })
    expect(await may(technician)).toMatchObject({ sync: false })
  })

  it('is changed at once, also for who looks already, and noted in the audit [H4][B6]', async () => {
    const opened = await pod()
    expect((await opened('POST', sync)).status).toBe(403)
    await own('gclerk', 'map-and-sync')
    expect((await opened('POST', sync)).status).toBe(202)
    await settled()
    await own('gclerk', 'none')
    expect((await opened('GET', content)).status).toBe(401)
    const { events } = await readAnswer(boss, auditSchema, 'GET', '/api/audit?action=change-member')
    expect(events[0]).toMatchObject({
      subject: 'gclerk',
      detail: { before: { right: 'map-and-sync' }, after: { right: 'none' } },
    })
  })

  it('is refused in a sentence that says who can change it [H4]', async () => {
    const refused = await refusal((await pod())('POST', sync))
    expect(refused).toMatchObject({ status: 403, code: 'not-allowed' })
    expect(refused.detail).toBe(
      'ConnectWise member gclerk may look here, but not do this. An owner can change that in Prism Pod, under Settings, Members of ConnectWise.',
    )
    await everyone('none')
    const none = await refusal(askSession({ org, claim: clerk, record: ofCoho }))
    expect(none).toMatchObject({ status: 403, code: 'not-allowed' })
    expect(none.detail).toContain('An owner can change that')
    expect((await askSession({ org, claim: clerk })).headers.getSetCookie()).toEqual([])
  })
})

/** Every figure under these names, with its digits as a text has them. */
function figuresUnder(
  names: readonly string[],
  value: unknown,
  found = new Set<string>(),
): ReadonlySet<string> {
  if (typeof value !== 'object' || value === null) return found
  for (const [name, part] of Object.entries(value)) {
    if (names.includes(name) && typeof part === 'string' && /[1-9]/.test(part)) found.add(part)
    figuresUnder(names, part, found)
  }
  return found
}

describe('an answer without the right to the cost', () => {
  it('holds no figure of it anywhere: not in the pod, a plan, nor the page that comes first [H4]', async () => {
    await everyone('look')
    const ours = {
      content: await (await boss('GET', content)).json(),
      plan: await (await boss('GET', plan)).json(),
    }
    const prices = figuresUnder(['price', 'unitPrice', 'billed', 'quantity'], ours)
    const costs = [...figuresUnder(['cost', 'unitCost'], ours)].filter((figure) => !prices.has(figure))
    expect(costs.length).toBeGreaterThan(5)

    const opened = await pod()
    const { agreementContent } = await import('#app/views/agreement-content.ts')
    const { shownTo } = await import('#app/http/shown-to.ts')
    const { organisationByPublicId } = await import('#db/directory/organisations.ts')
    const { db } = (await import('#app/process/process.ts')).server()
    const organisationId = (await organisationByPublicId(db, org))?.id ?? ''
    const member = {
      organisationId,
      role: 'member',
      actor: 'x',
      via: 'pod',
      userId: null,
      pod: null,
    } as const
    const texts = {
      content: await (await opened('GET', content)).text(),
      plan: await (await opened('GET', plan)).text(),
      answers: await (await opened('GET', `${P}/agreements/${coho.agreementId}/answers`)).text(),
      page: JSON.stringify(shownTo(member, await agreementContent(member, coho.agreementId))),
    }
    for (const [name, text] of Object.entries(texts)) {
      expect(text.length, name).toBeGreaterThan(50)
      expect(/"(unit)?cost"/i.test(text), name).toBe(false)
      for (const cost of costs)
        expect(new RegExp(`(?<![\\d.])${cost}(?![\\d])`).test(text), `${name}: ${cost}`).toBe(false)
    }
    await everyone('look-with-cost')
    const costly = await (await opened('GET', content)).text()
    expect(costs.some((cost) => costly.includes(cost))).toBe(true)
  })
})

describe('a member’s session', () => {
  beforeEach(() => everyone('map-and-sync'))

  const elsewhere = (
    [
      ['GET', `/api/hosted/agreements/${other.agreementId}`],
      ['GET', `/api/hosted/companies/${other.companyId}`],
      ['GET', `${P}/customers/${other.tenantId}/plan`],
      ['POST', `${P}/customers/${other.tenantId}/sync`],
      ['PUT', `${P}/customers/${other.tenantId}/mapping`, { ...place(other), syncEnabled: false }],
      // To the record that is shown, away from another company.
      ['PUT', `${P}/customers/${other.tenantId}/mapping`, { ...place(coho), syncEnabled: true }],
      // Of what is shown, to another one.
      ['PUT', `${P}/customers/${coho.tenantId}/mapping`, { ...place(other), syncEnabled: true }],
      ['DELETE', `${P}/customers/${other.tenantId}/mapping?leave=true`],
      ['GET', `${P}/customers/${other.tenantId}/beginning?agreementId=${other.agreementId}`],
      ['GET', `${P}/customers/${other.tenantId}/mapping/consequences`],
      ['POST', `${P}/begin`, { begin: 'next' }],
      ['POST', `${P}/begin`, { begin: 'next', tenantIds: [coho.tenantId, other.tenantId] }],
      ['GET', `${P}/agreements/${other.agreementId}/answers`],
      ['PUT', `${P}/agreements/${other.agreementId}/additions/1/answer`, { answer: 'nobody' }],
      ['GET', `/api/connectwise/companies/${other.companyId}/agreements`],
      ['POST', `${P}/customers/${coho.tenantId}/skip`, { subscriptionId: 'x', period: '2026-04' }],
      ['POST', `${P}/stop`],
      ['GET', '/api/runs'],
      ['GET', P],
      ['GET', `${P}/products`],
    ] as readonly (readonly [method: string, path: string, body?: object])[]
  ).map(([method, path, body]) => ({ method, path, body }))

  it.each(elsewhere)(
    'of an agreement’s screen may not $method $path $body [H4]',
    async ({ method, path, body }) => {
      const answer = await refusal((await pod())(method, path, { body }))
      expect(answer).toMatchObject({ status: 403, code: 'not-allowed' })
      expect(answer.detail).not.toContain('undefined')
    },
  )

  it('hears the same of a customer that is another record’s and of one that is nobody’s [H4]', async () => {
    const opened = await pod()
    const said = async (tenantId: string) => {
      const { requestId: _, ...answer } = await refusal(opened('POST', `${P}/customers/${tenantId}/sync`))
      return answer
    }
    expect(await said(other.tenantId)).toEqual(await said('00000000-0000-4000-8000-000000000000'))
  })

  it('of a company’s screen acts on its agreements and customers, and on no other company’s [H2][H4]', async () => {
    const company = await pod(clerk, { type: 'company', id: coho.companyId })
    expect((await company('GET', content)).status).toBe(200)
    expect((await company('GET', `/api/hosted/companies/${coho.companyId}`)).status).toBe(200)
    expect((await company('GET', `/api/connectwise/companies/${coho.companyId}/agreements`)).status).toBe(200)
    expect((await company('GET', plan)).status).toBe(200)
    const kept = { body: { ...place(coho), syncEnabled: true } }
    expect((await company('PUT', `${P}/customers/${coho.tenantId}/mapping`, kept)).status).toBe(200)
    for (const path of [
      `/api/hosted/agreements/${other.agreementId}`,
      `/api/hosted/companies/${other.companyId}`,
      `/api/connectwise/companies/${other.companyId}/agreements`,
      `${P}/customers/${other.tenantId}/plan`,
    ])
      expect((await company('GET', path)).status, path).toBe(403)
  })

  it('that was asked for without a record, as the cookie’s is, only looks, and changes nothing [H4]', async () => {
    const looking = await podOf({ org, claim: clerk })
    const answer = await askSession({ org, claim: clerk, record: ofCoho })
    const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const headers = { cookie, 'x-prism-pod': org, origin: 'http://localhost:3000' }
    const byCookie: CallApi = (method, path, { body } = {}) => call(method, path, { headers, body })
    for (const api of [looking, byCookie]) {
      expect((await api('GET', content)).status).toBe(200)
      expect((await api('GET', plan)).status).toBe(403)
      expect((await api('POST', sync)).status).toBe(403)
    }
  })

  it('takes a customer from another agreement of the same company, and from no other company’s [E5][H4]', async () => {
    const all = world.connectWise.store.all('agreements') as unknown as readonly {
      id: number
      company: { id: number }
    }[]
    const [first, second] = all.filter(
      ({ company }) => all.filter((each) => each.company.id === company.id).length > 1,
    )
    if (first === undefined || second?.company.id !== first.company.id)
      throw new Error('A company with two agreements')
    const { db } = (await import('#app/process/process.ts')).server()
    const { putMapping } = await import('#db/mappings/mappings.ts')
    const { organisationByPublicId } = await import('#db/directory/organisations.ts')
    const { prismTenants } = await import('#db/prism/tables.ts')
    const organisationId = (await organisationByPublicId(db, org))?.id ?? ''
    const [tenantId, program] = ['moves', 'microsoft-csp']
    const tenant = { id: tenantId, name: 'Moves', domain: 'moves.example', status: 'active' }
    await db
      .insert(prismTenants)
      .values({ ...tenant, organisationId, program, current: true, seenAt: new Date() })
    const at = { companyId: first.company.id, companyName: 'C', agreementId: first.id, agreementName: 'A' }
    await putMapping(db, organisationId, program, tenantId, { ...at, syncEnabled: false })
    const moving = (agreementId: number, to = agreementId) =>
      pod(clerk, { type: 'agreement', id: agreementId }).then((opened) =>
        opened('GET', `${P}/customers/${tenantId}/mapping/consequences?agreementId=${to}`),
      )
    expect((await moving(second.id)).status).toBe(200)
    // Not yet there, it is nothing to sync or to clear from this screen.
    const opened = await pod(clerk, { type: 'agreement', id: second.id })
    expect((await opened('POST', `${P}/customers/${tenantId}/sync`)).status).toBe(403)
    expect((await opened('DELETE', `${P}/customers/${tenantId}/mapping?leave=true`)).status).toBe(403)
    const elsewhere = [coho, other].find(({ companyId }) => companyId !== first.company.id)?.agreementId ?? 0
    expect((await moving(elsewhere)).status).toBe(403)
    expect((await moving(elsewhere, second.id)).status).toBe(403)
  })

  it('stops no sync that another record has a part in [F16][H4]', async () => {
    const started = await boss('POST', `${P}/customers/${other.tenantId}/sync`)
    const { runId } = (await started.json()) as { runId: string }
    expect((await (await pod())('POST', `/api/runs/${runId}/stop`)).status).toBe(403)
    expect((await (await pod())('POST', `/api/runs/${runId}/confirm`, { body: {} })).status).toBe(403)
    const own = { type: 'agreement', id: other.agreementId } as const
    expect((await (await pod(clerk, own))('POST', `/api/runs/${runId}/stop`)).status).toBe(200)
    await settled()
  })

  it('undoes and sets back on the record of the screen alone, where its pod names the sync [J2][G6][H4]', async () => {
    const api = await pod()
    const { undoes, may, tenants } = await readAnswer(api, mappedContentSchema, 'GET', content)
    expect(may.undo).toBe(true)
    expect(tenants.find(({ id }) => id === coho.tenantId)?.checkMonth).toBe(1)
    expect(undoes).not.toBeNull()
    const preview = (agreementId: number) => `/api/runs/${undoes}/agreements/${agreementId}/undo`
    expect((await api('GET', preview(coho.agreementId))).status).toBe(200)
    expect((await api('GET', preview(other.agreementId))).status).toBe(403)
    const undo = (agreementIds: readonly number[]) =>
      api('POST', `/api/runs/${undoes}/undo`, { body: { agreementIds } })
    expect((await undo([other.agreementId])).status).toBe(403)
    expect((await undo([coho.agreementId, other.agreementId])).status).toBe(403)
    const edits = (agreementId: number) => `${P}/agreements/${agreementId}/edits`
    expect((await api('GET', edits(coho.agreementId))).status).toBe(200)
    expect((await api('GET', edits(other.agreementId))).status).toBe(403)
    const body = { subscriptionIds: [''] }
    expect((await api('POST', edits(other.agreementId), { body })).status).toBe(403)
    expect((await undo([coho.agreementId])).status).toBe(202)
    await settled()
    expect((await readAnswer(api, mappedContentSchema, 'GET', content)).undoes).toBeNull()
  })

  it('is told when the browser’s cookie was another member’s [H4]', async () => {
    const first = await askSession({ org, claim: clerk, record: ofCoho })
    const cookie = first.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const wasOther = async (claim: Claim) =>
      ((await (await askSession({ org, claim, headers: { cookie } })).json()) as { wasOther: boolean })
        .wasOther
    expect(await wasOther(clerk)).toBe(false)
    expect(await wasOther(technician)).toBe(true)
  })

  it('ends by its token, and when the member is found inactive at a renewal, in every browser [H4]', async () => {
    const one = await pod(technician)
    await done(one, 'DELETE', '/api/session')
    expect((await one('GET', content)).status).toBe(401)

    const two = await pod(technician)
    expect((await two('GET', content)).status).toBe(200)
    const { store } = world.connectWise
    const [row] = store.all('members').filter(({ identifier }) => identifier === 'TTech')
    Object.assign(row ?? {}, { inactiveFlag: true })
    // The proof of a moment ago is not old enough to be asked for again.
    const { db } = (await import('#app/process/process.ts')).server()
    const { memberChecks } = await import('#db/people/tables.ts')
    await db.delete(memberChecks)
    expect((await askSession({ org, claim: technician, record: ofCoho })).status).toBe(401)
    expect((await two('GET', content)).status).toBe(401)
    Object.assign(row ?? {}, { inactiveFlag: false })
    await db.delete(memberChecks)
    expect((await (await pod(technician))('GET', content)).status).toBe(200)
    // One from before does not come back with the member.
    expect((await two('GET', content)).status).toBe(401)
  })

  it('ends with the connection to ConnectWise, and does not come back with it [H4]', async () => {
    const opened = await pod()
    expect((await opened('GET', content)).status).toBe(200)
    await done(boss, 'DELETE', '/api/connections/connectwise')
    expect((await opened('GET', content)).status).toBe(401)
    await boss('PUT', '/api/connections/connectwise', { body: world.connectWiseInput })
    expect((await opened('GET', content)).status).toBe(401)
    expect((await (await pod())('GET', content)).status).toBe(200)
  })
})

function place({ companyId, agreementId }: { readonly companyId: number; readonly agreementId: number }) {
  return { companyId, agreementId }
}

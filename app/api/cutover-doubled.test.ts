/**
 * A customer whose additions of before would be billed a second time: no way to switch its Sync on writes beside them (E6, J8).
 */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { groupsOf, namedBy } from '#app/ui/plan/cutover-groups.ts'
import { agreementRow, timestamp } from '../../standin/data/connectwise-rows.ts'
import { connectWiseSeed, prismClient } from '../../standin/data/index.ts'
import { generateHandMade, type HandMadeCustomer } from '../../standin/generator/hand-made.ts'
import { cutoverAnsweredSchema, cutoverSchema } from './schemas/cutover.ts'
import { startedRunSchema } from './schemas/jobs.ts'
import { reviewSchema } from './schemas/mappings.ts'
import { programSchema } from './schemas/programs.ts'
import { settled } from './testing/api-world.ts'
import { HandMadePartner, PROGRAM } from './testing/hand-made-partner.ts'
import { work } from './testing/organisation.ts'
import { readAnswer, refusal } from './testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

const made = generateHandMade({
  seed: 2_029,
  customers: 12,
  site: connectWiseSeed().site,
  clients: [prismClient],
  kinds: ['of an item that nothing links', 'nothing', 'right'],
})
const of = (kind: HandMadeCustomer['kind']) => made.customers.filter((each) => each.kind === kind)
const [byHand, another] = of('of an item that nothing links')
const [bare, later, wholly] = of('nothing')
if (!byHand || !another || !bare || !later || !wholly) throw new Error('There are enough customers')

let partner: HandMadePartner
beforeAll(async () => {
  partner = await HandMadePartner.start(made)
})
afterAll(() => partner.world.stop())

const rows = (collection: 'additions' | 'catalog' | 'agreements') =>
  partner.world.connectWise.store.all(collection) as readonly (Record<string, unknown> & { id: number })[]
const additionsOf = ({ agreementId }: HandMadeCustomer) =>
  rows('additions').filter((each) => each['agreementId'] === agreementId)

/** A clerk bills the customer's product by hand, with an item that no Vendor SKU links. */
function billByHand({ agreementId }: HandMadeCustomer, names: RegExp): void {
  const { store } = partner.world.connectWise
  const linked = rows('catalog').find(({ identifier }) => names.test(String(identifier)))
  const [like] = rows('additions')
  if (linked === undefined || like === undefined) throw new Error('The catalog has the product')
  const id = 9_000 + rows('catalog').length
  const identifier = `${String(linked['identifier'])}.`
  store.put('catalog', { ...linked, id, identifier, vendorSku: '' }, 'a clerk')
  const { serialNumber: _, cancelledDate: __, ...rest } = like
  const addition = {
    ...rest,
    id: 90_000 + rows('additions').length,
    agreementId,
    product: { id, identifier },
    invoiceDescription: identifier,
    quantity: 3,
    effectiveDate: timestamp('2025-06-01'),
  }
  store.put('additions', addition, 'a clerk')
}

const put = ({ tenantId, companyId, agreementId }: HandMadeCustomer, more: object = {}) =>
  partner.api('PUT', `${PROGRAM}/customers/${tenantId}/mapping`, {
    body: { companyId, agreementId, syncEnabled: true, ...more },
  })
const reviewOf = (tenantIds: readonly string[]) =>
  readAnswer(partner.api, reviewSchema, 'POST', `${PROGRAM}/customers/switch/review`, {
    tenantIds,
    syncEnabled: true,
  })

describe('Sync is not switched on where it would double a bill', () => {
  it('of one customer, mapped before or not, and says what bills it already', async () => {
    const refused = await refusal(put(byHand))
    expect(refused).toMatchObject({ code: 'billed-already', status: 409 })
    expect(refused.detail).toContain('MICROSOFT 365 PLAN 5')
    await partner.map(byHand, false)
    expect((await refusal(put(byHand))).code).toBe('billed-already')
    // How it begins says nothing of the addition.
    expect((await refusal(put(byHand, { begin: 'catch-up' }))).code).toBe('billed-already')
    const customers = await partner.preview(byHand)
    expect(customers.review?.additions.map(({ isNamesake, fate }) => [isNamesake, fate])).toEqual([
      [true, 'blocked'],
    ])
  })

  it('of many: it is left out, the others are switched on', async () => {
    const right = of('right')[0] ?? expect.unreachable()
    await partner.map(right, false)
    const { changes, counts } = await reviewOf([byHand.tenantId, right.tenantId])
    expect(counts).toMatchObject({ 'sync-on': 1, wrong: 1 })
    expect(changes[0]).toMatchObject({ tenantId: byHand.tenantId, does: 'wrong' })
    expect(changes[0]?.problems[0]?.says).toContain('Answer for it in its review first')
  })

  it('of a file, whether the customer is mapped by it or was before', async () => {
    const line = ({ tenantId, companyId, agreementId }: HandMadeCustomer) =>
      `${tenantId};${companyId};${agreementId};on`
    const file = ['Tenant ID;Company ID;Agreement ID;Sync', line(byHand), line(another)].join('\n')
    const body = { file: Buffer.from(file).toString('base64') }
    const review = await readAnswer(partner.api, reviewSchema, 'POST', `${PROGRAM}/mappings/review`, body)
    expect(review.counts).toMatchObject({ wrong: 2, map: 0, 'sync-on': 0 })
    const saving = partner.api('POST', `${PROGRAM}/mappings/import`, { body: { ...body, seen: review.seen } })
    expect((await refusal(saving)).code).toBe('conflict')
    // With Sync off it is mapped.
    const off = { file: Buffer.from(file.replaceAll(';on', ';off')).toString('base64') }
    const mapped = await readAnswer(partner.api, reviewSchema, 'POST', `${PROGRAM}/mappings/review`, off)
    expect(mapped.counts).toMatchObject({ wrong: 0, map: 1 })
  })

  it('where another agreement of the company bills it, until it is said how the customer begins', async () => {
    const { store } = partner.world.connectWise
    const [like] = additionsOf(of('right')[1] ?? byHand)
    const company = rows('agreements').find(({ id }) => id === wholly.agreementId)?.['company'] as {
      id: number
      identifier: string
      name: string
    }
    const gold = agreementRow(
      900,
      { ...company, city: 'Perth' },
      {
        name: 'Managed Services Gold',
        startDate: timestamp('2025-06-01'),
        nextInvoiceDate: timestamp('2026-04-01'),
      },
    )
    store.put('agreements', gold, 'a clerk')
    store.put('additions', { ...like, id: 99_999, agreementId: 900 }, 'a clerk')
    const refused = await refusal(put(wholly))
    expect(refused.code).toBe('billed-already')
    expect(refused.detail).toContain('Managed Services Gold')
    await partner.map(wholly, false)
    expect((await reviewOf([wholly.tenantId])).counts).toMatchObject({ wrong: 1 })

    // It is one of the questions that many can be answered at once; taken back, it is asked again.
    const question = async () => {
      const body = { tenantIds: [wholly.tenantId] }
      const path = `${PROGRAM}/customers/questions`
      const { agreements } = await readAnswer(partner.api, cutoverSchema, 'POST', path, body)
      return groupsOf(agreements).find(({ kind }) => kind === 'also-billed')?.asked ?? []
    }
    const answers = `${PROGRAM}/customers/answers`
    const all = await question()
    expect(all).toMatchObject([{ question: { tenantId: wholly.tenantId, additionId: null } }])
    const named = all.map(namedBy)
    const questions = all.map((each) => ({ ...namedBy(each), seen: each.question.seen }))
    const given = { answer: 'elsewhere', questions }
    await readAnswer(partner.api, cutoverAnsweredSchema, 'POST', answers, given)
    expect(await question()).toEqual([])
    const again = partner.api('POST', answers, { body: given })
    expect((await refusal(again)).code).toBe('conflict')
    const back = (answer: string) =>
      partner.api('POST', `${answers}/undo`, { body: { answer, questions: named } })
    expect((await refusal(back('next'))).code).toBe('conflict')
    expect((await back('elsewhere')).status).toBe(200)
    expect(await question()).toHaveLength(1)
    await readAnswer(partner.api, cutoverAnsweredSchema, 'POST', answers, given)
    expect((await put(wholly)).status).toBe(200)
    await work()
    expect(additionsOf(wholly)).toEqual([])
  })
})

describe('where Sync is on already, and a clerk bills by hand afterwards', () => {
  /** What it had before, and nothing beside. */
  const nothingBeside = (customer: HandMadeCustomer) => {
    expect(additionsOf(customer).map(({ quantity, serialNumber = '' }) => [quantity, serialNumber])).toEqual([
      [3, ''],
    ])
  }

  it('no sync creates anything beside it: not the program’s, not one of all, not after an answer how it begins', async () => {
    await readAnswer(partner.api, programSchema, 'PUT', PROGRAM, { enabled: false })
    await partner.map(bare, true)
    billByHand(bare, /^Microsoft 365 Plan 1$/)
    await readAnswer(partner.api, programSchema, 'PUT', PROGRAM, { enabled: true, missed: 'all' })
    await work()
    nothingBeside(bare)

    await readAnswer(partner.api, startedRunSchema, 'POST', `${PROGRAM}/customers/sync`, {})
    await settled()
    await work()
    nothingBeside(bare)

    const one = `${PROGRAM}/customers/${bare.tenantId}/sync`
    await readAnswer(partner.api, startedRunSchema, 'POST', one)
    await settled()
    await work()
    nothingBeside(bare)

    const begin = { begin: 'catch-up', tenantIds: [bare.tenantId] }
    expect((await partner.api('POST', `${PROGRAM}/begin`, { body: begin })).status).toBe(200)
    await settled()
    await work()
    nothingBeside(bare)
  })

  it('and once somebody said that it ends, the subscription is created, and billed once', async () => {
    const [{ id } = expect.unreachable()] = additionsOf(bare)
    const path = `${PROGRAM}/agreements/${bare.agreementId}/additions/${id}/answer`
    await partner.api('PUT', path, { body: { answer: 'ends', endsOn: '2026-03-31' } })
    await readAnswer(partner.api, startedRunSchema, 'POST', `${PROGRAM}/customers/${bare.tenantId}/sync`)
    await settled()
    await work()
    expect(additionsOf(bare).length).toBeGreaterThan(1)
    const charged = (await partner.chargedByPrism()).get(bare.domain) ?? 0
    expect(Math.abs((await partner.invoiced(bare)) - charged)).toBeLessThan(10)
  })

  it('a customer whose addition bills another product is not asked', async () => {
    billByHand(later, /^Microsoft 365 Plan 2$/)
    expect((await put(later)).status).toBe(200)
  })
})

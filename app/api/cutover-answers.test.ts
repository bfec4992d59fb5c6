/** One answer for many customers (J8): stored for each as if it was given by itself, for all of them or for none. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type AskedOf, groupsOf, namedBy } from '#app/ui/plan/cutover-groups.ts'
import { connectWiseSeed, prismClient } from '../../standin/data/index.ts'
import { generateHandMade } from '../../standin/generator/hand-made.ts'
import { answersSchema } from './schemas/answers.ts'
import { auditSchema } from './schemas/audit.ts'
import { cutoverAnsweredSchema, cutoverSchema } from './schemas/cutover.ts'
import { type CallApi, operatorSecret, routeFiles } from './testing/api-world.ts'
import { notAnswered } from './testing/contract-of.ts'
import { forEach, HandMadePartner, PROGRAM } from './testing/hand-made-partner.ts'
import { anotherOrganisation, joined } from './testing/organisation.ts'
import { readAnswer, refusal } from './testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

const MANY = 20
const CHANGED = 3
const made = generateHandMade({
  seed: 2_028,
  customers: MANY + CHANGED,
  site: connectWiseSeed().site,
  clients: [prismClient],
  kinds: [
    ...Array.from({ length: MANY }, () => 'of no subscription: forgotten' as const),
    ...Array.from({ length: CHANGED }, () => 'wrong quantity' as const),
  ],
})
const idsOf = (kind: string): string[] =>
  made.customers.filter((each) => each.kind.startsWith(kind)).map(({ tenantId }) => tenantId)
const ids = idsOf('')

let partner: HandMadePartner
let api: CallApi
let clerk: CallApi
let theirs: CallApi
beforeAll(async () => {
  partner = await HandMadePartner.start(made, { OPERATOR_SECRET: operatorSecret })
  api = partner.api
  theirs = (await anotherOrganisation()).api
  const body = { email: 'clerk@northwind.example', role: 'clerk' }
  const invited = (await (await api('POST', '/api/people/invitations', { body })).json()) as { link: string }
  clerk = await joined(invited.link)
  await forEach(made.customers, async (customer) => void (await partner.map(customer, false)))
})
afterAll(() => partner.world.stop())

const asked = async (
  kind: 'beside' | 'bills-one',
  tenantIds = idsOf(kind === 'beside' ? 'of no' : 'wrong'),
): Promise<readonly AskedOf[]> => {
  const path = `${PROGRAM}/customers/questions`
  const { agreements } = await readAnswer(clerk, cutoverSchema, 'POST', path, { tenantIds })
  return groupsOf(agreements).find((group) => group.kind === kind)?.asked ?? []
}
const bodyOf = (of: readonly AskedOf[], answer: string, more: object = {}) => ({
  answer,
  ...more,
  questions: of.map((each) => ({ ...namedBy(each), seen: each.question.seen })),
})
const endsOn = '2026-03-31'
const answers = `${PROGRAM}/customers/answers`
const send = (who: CallApi, body: object) => who('POST', answers, { body })
const given = (who: CallApi, body: object) => readAnswer(who, cutoverAnsweredSchema, 'POST', answers, body)
const takeBack = (of: readonly AskedOf[], answer: string, more: object = {}) =>
  api('POST', `${answers}/undo`, { body: { answer, ...more, questions: of.map(namedBy) } })
const storedOf = async (agreementId: number) =>
  (await readAnswer(api, answersSchema, 'GET', `${PROGRAM}/agreements/${agreementId}/answers`)).answers
const audited = async (action: string) =>
  (await readAnswer(api, auditSchema, 'GET', `/api/audit?action=${action}`)).events

describe('what many customers are asked', () => {
  it('is the same question, each with what it is about and what every answer would come to [F5][F9]', async () => {
    const beside = await asked('beside')
    expect(beside).toHaveLength(MANY)
    for (const { agreement, question } of beside) {
      expect(question).toMatchObject({ quantity: '2', tenantId: null, subscriptionId: '', endsFrom: endsOn })
      expect(question.says).toContain('needs to be cancelled')
      const { invoiced, bills } = agreement.summary ?? expect.unreachable()
      const then = new Map(question.answers.map((each) => [each.answer, each]))
      expect([...then.keys()]).toEqual(['ends', 'nobody'])
      // Ended, the bill is PRISM's; as nobody's it is billed as before, beside it.
      const charged = Number(invoiced.price)
      expect(Math.abs(Number(then.get('ends')?.bills) - charged)).toBeLessThan(0.05)
      expect(Number(then.get('nobody')?.bills) - Number(then.get('ends')?.bills)).toBeCloseTo(
        Number(question.monthly),
      )
      expect(Number(bills.before)).toBeGreaterThan(0)
      expect([...then.values()].map(({ open }) => open)).toEqual([0, 0])
    }
    const one = await asked('bills-one')
    expect(one.map(({ question }) => question.answers[0]?.answer)).toEqual(one.map(() => 'subscription'))
    expect(one).toHaveLength(CHANGED)
  })

  it('is another organisation’s to ask and to answer of its own customers only', async () => {
    const read = theirs('POST', `${PROGRAM}/customers/questions`, { body: { tenantIds: ids } })
    expect((await refusal(read)).code).toBe('not-mapped')
    const body = bodyOf(await asked('beside'), 'ends', { endsOn })
    expect((await refusal(send(theirs, body))).code).toBe('not-mapped')
    expect((await asked('beside')).length).toBe(MANY)
  })
})

describe('one answer for many', () => {
  it('of two clerks at once is given by one of them, for all [107]', async () => {
    const all = await asked('beside')
    const before = (await audited('answer-addition')).length
    const both = await Promise.all([api, clerk].map((who) => send(who, bodyOf(all, 'ends', { endsOn }))))
    expect(both.map(({ status }) => `${status}`).sort()).toEqual(['200', '409'])
    expect(await asked('beside')).toEqual([])
    expect((await audited('answer-addition')).length - before).toBe(all.length)
    expect(await audited('answer-many')).toMatchObject([
      { detail: { answer: 'ends', questions: all.length } },
    ])
    for (const { agreement, question } of all)
      expect(await storedOf(agreement.agreementId)).toMatchObject([
        { additionId: question.additionId, answer: 'ends', endsOn },
      ])
  })

  it('is taken back for all of them, unless one was answered otherwise since', async () => {
    const all = made.customers.filter(({ kind }) => kind.startsWith('of no'))
    const named = await Promise.all(
      all.map(async ({ agreementId, tenantId }) => ({
        agreementId,
        tenantIds: [tenantId],
        additionId: (await storedOf(agreementId))[0]?.additionId ?? 0,
      })),
    )
    const [first] = named
    if (first === undefined) throw new Error('Somebody was answered for')
    const path = `${PROGRAM}/agreements/${first.agreementId}/additions/${first.additionId}/answer`
    await api('PUT', path, { body: { answer: 'nobody' } })
    const back = (questions: object) =>
      api('POST', `${answers}/undo`, { body: { answer: 'ends', endsOn, questions } })
    expect((await refusal(back(named))).code).toBe('conflict')
    expect(await asked('beside')).toEqual([])
    expect((await back(named.slice(1))).status).toBe(200)
    await api('DELETE', path)
    expect(await asked('beside')).toHaveLength(MANY)
    expect((await audited('take-answer-back')).length).toBe(MANY)
  })

  it('is given to none where a question has changed since it was shown, and names its customer', async () => {
    const all = await asked('bills-one')
    const [changed] = all
    if (changed === undefined) throw new Error('Something is asked')
    const { store } = partner.world.connectWise
    const row = store.all('additions').find(({ id }) => id === changed.question.additionId)
    store.put('additions', { ...row, quantity: 99 } as never, 'a clerk')
    const refused = await refusal(send(clerk, bodyOf(all, 'subscription')))
    expect(refused).toMatchObject({ code: 'conflict', status: 409 })
    expect(refused.detail).toContain(changed.agreement.customers[0]?.name)
    expect(await asked('bills-one')).toHaveLength(all.length)
    // Looked at again it is given, and the subscription's id is what each gets.
    const now = await asked('bills-one')
    expect(await given(clerk, bodyOf(now, 'subscription'))).toEqual({ answered: now.length })
    for (const { agreement, question } of now)
      expect(await storedOf(agreement.agreementId)).toMatchObject([
        { additionId: question.additionId, answer: 'subscription', subscriptionId: question.subscriptionId },
      ])
    expect((await takeBack(now, 'subscription')).status).toBe(200)
    expect(await asked('bills-one')).toHaveLength(now.length)
  })

  it('is none that a question does not take, nor an end before what ConnectWise has invoiced', async () => {
    const all = await asked('beside')
    expect((await refusal(send(api, bodyOf(all, 'next')))).code).toBe('request-invalid')
    expect((await refusal(send(api, bodyOf(all, 'ends')))).code).toBe('request-invalid')
    const early = bodyOf(all, 'ends', { endsOn: '2026-02-28' })
    expect((await refusal(send(api, early))).code).toBe('request-invalid')
    expect((await asked('beside')).length).toBe(all.length)
  })

  it('leaves those that are left out as they were, to be answered otherwise', async () => {
    const [kept, ...all] = await asked('beside')
    if (kept === undefined) throw new Error('Something is asked')
    await given(api, bodyOf(all, 'ends', { endsOn }))
    expect((await asked('beside')).map(({ agreement }) => agreement.agreementId)).toEqual([
      kept.agreement.agreementId,
    ])
    await given(api, bodyOf(await asked('beside'), 'nobody'))
    expect(await storedOf(kept.agreement.agreementId)).toMatchObject([{ answer: 'nobody', endsOn: null }])
  })
})

it('each of their routes was answered here', () => {
  const own = routeFiles.filter((file) => /customers\/(questions|answers)/.test(file))
  expect(own).toHaveLength(3)
  expect(notAnswered(own)).toEqual([])
})

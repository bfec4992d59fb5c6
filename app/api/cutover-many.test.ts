/**
 * The fifty customers of before once more, answered many at once, as at a go-live (J8): few answers for many, single ones only where
 * nobody could answer for many, and ConnectWise's next invoice of each is PRISM's.
 */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type AskedOf, answersOf, groupsOf, namedBy } from '#app/ui/plan/cutover-groups.ts'
import type { Preview } from '#lib/billing/plan-money.ts'
import { connectWiseSeed, prismClient } from '../../standin/data/index.ts'
import { generateHandMade, type HandMadeCustomer } from '../../standin/generator/hand-made.ts'
import { type Cutover, cutoverAnsweredSchema, cutoverSchema } from './schemas/cutover.ts'
import { reviewSchema, savedSchema } from './schemas/mappings.ts'
import { forEach, HandMadePartner, PROGRAM } from './testing/hand-made-partner.ts'
import { work } from './testing/organisation.ts'
import { readAnswer } from './testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

const made = generateHandMade({
  seed: 2_027,
  customers: 50,
  site: connectWiseSeed().site,
  clients: [prismClient],
})
const byAgreement = new Map(made.customers.map((each) => [each.agreementId, each]))
const tenantIds = made.customers.map(({ tenantId }) => tenantId)

let partner: HandMadePartner
beforeAll(async () => {
  partner = await HandMadePartner.start(made)
  await forEach(made.customers, async (customer) => void (await partner.map(customer, false)))
})
afterAll(() => partner.world.stop())

/** Of which something is asked still, as far as is known. */
let open = tenantIds
const questions = async (of = open): Promise<Cutover> => {
  const path = `${PROGRAM}/customers/questions`
  const found = await readAnswer(partner.api, cutoverSchema, 'POST', path, { tenantIds: of })
  open = found.agreements.flatMap((each) =>
    each.questions.length === 0 ? [] : each.customers.map(({ tenantId }) => tenantId),
  )
  return found
}

const customerOf = ({ agreement }: AskedOf): HandMadeCustomer => {
  const customer = byAgreement.get(agreement.agreementId)
  if (customer === undefined) throw new Error(`Agreement ${agreement.agreementId} is nobody's`)
  return customer
}
const truthOf = (asked: AskedOf) => {
  const { kind, truths } = customerOf(asked)
  const truth = truths.get(asked.question.additionId ?? 0)
  if (truth === undefined) throw new Error(`${kind} is asked what nobody should be`)
  return truth
}

/** One answer for all of one group of which it is true. @returns how many it was for */
const answerNext = async (): Promise<number> => {
  if (open.length === 0) return 0
  for (const { asked } of groupsOf((await questions()).agreements))
    for (const answer of answersOf(asked)) {
      const chosen = asked.filter((each) => truthOf(each).is === answer)
      if (chosen.length === 0) continue
      const body = {
        answer,
        ...(answer === 'ends' ? { endsOn: '2026-03-31' } : {}),
        questions: chosen.map((each) => ({ ...namedBy(each), seen: each.question.seen })),
      }
      const path = `${PROGRAM}/customers/answers`
      const { answered } = await readAnswer(partner.api, cutoverAnsweredSchema, 'POST', path, body)
      expect(answered).toBe(chosen.length)
      return answered
    }
  return 0
}

describe('Fifty customers with additions of before, answered many at once', () => {
  it('take few answers, and the next invoice of each is PRISM’s, to the cent or by named terms [J8][F5][F9]', {
    timeout: 300_000,
  }, async () => {
    const answers: number[] = []
    for (let count = await answerNext(); count > 0; count = await answerNext()) answers.push(count)
    expect(answers.length).toBeLessThanOrEqual(5)

    // What is left is asked of several subscriptions of one product, and nobody can answer that for many.
    const single = groupsOf((await questions()).agreements)
    expect(single.map(({ kind }) => kind)).toEqual(['whose'])
    const asked = single.flatMap((group) => group.asked)
    expect(new Set(asked.map((each) => customerOf(each).kind))).toEqual(
      new Set(['two subscriptions of one product']),
    )
    for (const each of asked) await partner.sayTruth(customerOf(each), each.question.additionId ?? 0)
    const truths = made.customers.reduce((sum, customer) => sum + customer.truths.size, 0)
    expect(answers.reduce((sum, count) => sum + count, asked.length)).toBe(truths)
    expect((await questions(tenantIds)).agreements.flatMap((each) => each.questions)).toEqual([])

    const promised = new Map<number, Preview>()
    await forEach(made.customers, async (customer) => {
      promised.set(customer.agreementId, await partner.settled(customer))
    })
    const selection = { tenantIds, syncEnabled: true }
    const path = `${PROGRAM}/customers/switch`
    const { seen, counts } = await readAnswer(partner.api, reviewSchema, 'POST', `${path}/review`, selection)
    expect(counts).toMatchObject({ 'sync-on': 50, wrong: 0 })
    expect(await readAnswer(partner.api, savedSchema, 'POST', path, { ...selection, seen })).toEqual({
      saved: 50,
    })
    await work()

    const charged = await partner.chargedByPrism()
    await forEach(made.customers, (customer) =>
      partner.mustBillAsPromised(customer, promised.get(customer.agreementId), charged),
    )
  })
})

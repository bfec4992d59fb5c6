/**
 * Fifty customers that were billed by hand, by PRISM Connect or by Billing Sync are mapped, reviewed, answered and switched on, by
 * the calls of the buttons. ConnectWise's next invoice of each is then PRISM's, to the cent or by named terms (E6, F5, F9).
 */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Preview } from '#lib/billing/plan-money.ts'
import { connectWiseSeed, prismClient } from '../../standin/data/index.ts'
import { generateHandMade, type HandMadeCustomer } from '../../standin/generator/hand-made.ts'
import { handMadeKinds } from '../../standin/generator/hand-made-kinds.ts'
import { forEach, HandMadePartner } from './testing/hand-made-partner.ts'
import { work } from './testing/organisation.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

const made = generateHandMade({
  seed: 2_026,
  customers: 50,
  site: connectWiseSeed().site,
  clients: [prismClient],
})

let partner: HandMadePartner
beforeAll(async () => {
  partner = await HandMadePartner.start(made)
})
afterAll(() => partner.world.stop())

/** Says of each addition that the review asks about what it is in truth; gives how many were answered. */
const answer = async (customer: HandMadeCustomer): Promise<number> => {
  const { additions } = await partner.reviewed(customer)
  const asked = additions.filter(
    ({ fate, actions }) => (fate === 'blocked' || fate === 'asked') && actions.length > 0,
  )
  for (const { additionId } of asked) await partner.sayTruth(customer, additionId)
  return asked.length
}

describe('Fifty customers with additions of before', () => {
  it('are of every kind', () => {
    expect(new Set(made.customers.map(({ kind }) => kind))).toEqual(new Set(Object.keys(handMadeKinds)))
  })

  it('are cut over so that the next invoice is PRISM’s, to the cent or by named terms', {
    timeout: 300_000,
  }, async () => {
    const promised = new Map<number, Preview>()
    await forEach(made.customers, async (customer) => {
      await partner.map(customer, false)
      expect(await answer(customer), customer.kind).toBe(customer.truths.size)
      promised.set(customer.agreementId, await partner.settled(customer))
      await partner.map(customer, true)
    })
    await work()

    const charged = await partner.chargedByPrism()
    await forEach(made.customers, (customer) =>
      partner.mustBillAsPromised(customer, promised.get(customer.agreementId), charged),
    )
  })

  it('are not asked anything more, and nothing is left to write', async () => {
    await forEach(made.customers.slice(0, Object.keys(handMadeKinds).length), async (customer) => {
      const { review, periods } = await partner.preview(customer)
      expect(review, customer.kind).toBe(null)
      const changes = periods.flatMap(({ subscriptions }) => subscriptions.flatMap((row) => row.changes))
      expect(
        changes.filter(({ kind }) => kind !== 'keep'),
        customer.kind,
      ).toEqual([])
    })
  })
})

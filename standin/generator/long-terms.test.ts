import { describe, expect, it } from 'vitest'
import { type History, stateOn } from '../prism/history.ts'
import type { Partner } from '../prism/seed.ts'
import { generatePrism } from './prism-seed.ts'

const options = { seed: 7, tenants: 12, subscriptions: 12, products: 20 }
const partnerOf = (more: object): Partner => {
  const [partner] = generatePrism({ ...options, ...more }).partners
  if (partner === undefined) throw new Error('There is always a partner')
  return partner
}
const historiesOf = ({ portfolio }: Partner): History[] =>
  [...portfolio.tenants()].flatMap(({ tenantId }) => portfolio.histories(tenantId))

describe('terms of a year that are billed by the month', () => {
  it('are the same for the same seed, and leave all else as it was', () => {
    const [plain, one, other] = [partnerOf({}), partnerOf({ longTerms: 4 }), partnerOf({ longTerms: 4 })]
    expect(historiesOf(one)).toEqual(historiesOf(other))
    expect(historiesOf(one)).toEqual(expect.arrayContaining(historiesOf(plain)))
    expect(one.products.slice(0, plain.products.length)).toEqual(plain.products)
    for (const history of historiesOf(one))
      expect(one.portfolio.tenantOf(history.subscriptionId)?.tenantId).toBe(history.tenantId)
  })

  it('are upgraded, whole and in part, renewed under the same id and a new one, extended, and end', () => {
    const plain = new Set(historiesOf(partnerOf({})).map(({ subscriptionId }) => subscriptionId))
    const partner = partnerOf({ longTerms: 8 })
    const names = new Map(partner.products.map(({ productId, name }) => [productId, name]))
    const seen = { moved: 0, reduced: 0, ended: 0, goesOn: 0, extended: 0, sameId: 0 }
    const known = new Map<string, number>()
    for (const history of historiesOf(partner)) {
      if (history.kind !== 'licences' || plain.has(history.subscriptionId)) continue
      const { events, subscriptionId } = history
      if (events.some(({ kind }) => kind === 'move')) seen.moved += 1
      if (events.some(({ kind }) => kind === 'quantity')) seen.reduced += 1
      if (events.some(({ kind }) => kind === 'end')) seen.ended += 1
      else seen.goesOn += 1
      const state = stateOn(history, events[0]?.on ?? '')
      if (names.get(state?.productId ?? '')?.endsWith('Extended Service Term')) seen.extended += 1
      known.set(subscriptionId, (known.get(subscriptionId) ?? 0) + 1)
    }
    seen.sameId = [...known.values()].filter((count) => count > 1).length
    for (const [what, count] of Object.entries(seen)) expect(count, what).toBeGreaterThan(3)
  })
})

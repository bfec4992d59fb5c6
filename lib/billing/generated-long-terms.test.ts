/** Generated terms of a year that are billed by the month: upgraded, renewed, extended, over (J9). */
import { describe, expect, it } from 'vitest'
import { generateConnectWise } from '#standin/generator/connectwise-seed.ts'
import { generatePrism } from '#standin/generator/prism-seed.ts'
import { type GeneratedMonth, monthsOf } from './testing/generated-months.ts'
import type { Money } from './types.ts'

const months = 13

/** Agreements with even numbers take these terms, by the option. */
const generated = (seed: number): GeneratedMonth[] => {
  const [partner] = generatePrism({
    seed,
    tenants: 16,
    subscriptions: 0,
    products: 20,
    longTerms: 4,
  }).partners
  if (partner === undefined) throw new Error('There is always a partner')
  const { seed: connectWise, mappings } = generateConnectWise(partner, { seed, existing: 0 })
  return mappings
    .filter(({ agreementId }) => agreementId % 2 === 0)
    .flatMap((each) => [...monthsOf({ partner, connectWise, months, ...each })])
}

const isNothing = (value: Money): boolean => Number(value) === 0

describe('Generated terms of a year that are billed by the month', () => {
  it.each([1, 2, 3])(
    'are billed in each month, and every cent of a difference has a name: partner %i [J9]',
    (seed) => {
      const all = generated(seed)
      for (const { agreementId, period, planned } of all) {
        const at = `agreement ${agreementId}, ${period}`
        const { failed, unexplained, ignored, terms } = planned.totals
        expect(
          [failed, unexplained, ignored].every(({ price }) => isNothing(price)),
          at,
        ).toBe(true)
        expect(terms, at).toBeUndefined()
        expect(
          planned.subscriptions.filter(({ status }) => status === 'Error'),
          at,
        ).toEqual([])
      }
      expect(all.length).toBeGreaterThan(90)
      const names = new Set(
        all.flatMap(({ planned }) => planned.subscriptions.map(({ product }) => product.name)),
      )
      expect([...names].some((name) => name.includes('Extended Service Term'))).toBe(true)
    },
  )
})

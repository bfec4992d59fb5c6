/**
 * Plans that were recorded before annual terms came (J9): with every option left out they stay as they were, ids and times aside.
 * A rule that is changed on purpose is recorded anew with `npx vitest run lib/billing/golden-plans.test.ts -u`, and its commit says why.
 */
import { describe, expect, it } from 'vitest'
import { generateConnectWise } from '#standin/generator/connectwise-seed.ts'
import { generateHandMade } from '#standin/generator/hand-made.ts'
import { generatePrism } from '#standin/generator/prism-seed.ts'
import { type Lived, monthsOf } from './testing/generated-months.ts'
import { planText } from './testing/plan-text.ts'

const site = { companyId: 'acme', publicKey: 'pub', privateKey: 'priv' }

/** Every agreement of a generated partner. */
const generated = (seed: number): Lived[] => {
  const [partner] = generatePrism({ seed, tenants: 6, subscriptions: 36, products: 40, months: 5 }).partners
  if (partner === undefined) throw new Error('There is always a partner')
  const { seed: connectWise, mappings } = generateConnectWise(partner, { seed, inAdvance: 30, existing: 60 })
  return mappings.map((each) => ({ partner, connectWise, months: 5, ...each }))
}

/** Every agreement of a partner whose customers were billed by hand. */
const handMade = (seed: number): Lived[] => {
  const { prism, connectWise, customers } = generateHandMade({ seed, customers: 24, site, clients: [] })
  const [partner] = prism.partners
  if (partner === undefined) throw new Error('There is always a partner')
  return customers.map((each) => ({ partner, connectWise, months: 2, ...each }))
}

const textOf = (name: string, all: readonly Lived[]): string =>
  all
    .flatMap((lived) =>
      [...monthsOf(lived)].map(({ agreementId, period, planned }) =>
        planText(`${name}, agreement ${agreementId}, ${period}`, planned),
      ),
    )
    .join('\n\n')

describe('Plans with every option left out', () => {
  it.each([1, 7])('are as they were recorded: generated partner %i [J9]', async (seed) => {
    const text = textOf(`partner ${seed}`, generated(seed))
    await expect(`${text}\n`).toMatchFileSnapshot(`./testing/golden/partner-${seed}.txt`)
  })

  it('are as they were recorded: customers that were billed by hand [J9]', async () => {
    const text = textOf('by hand', handMade(3))
    await expect(`${text}\n`).toMatchFileSnapshot('./testing/golden/by-hand.txt')
  })
})

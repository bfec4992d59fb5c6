import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { prismSeed } from '#standin/data/index.ts'
import { prismClient } from '#standin/data/prism-seed.ts'
import { startPrism } from '#standin/prism/prism.ts'
import { type Account, openAccount } from './prism-account.ts'
import { type AccountFact, prismFacts } from './prism-reading.ts'
import { fromEnvironment, realTarget, standInTarget, type Target } from './target.ts'

function suite(facts: readonly AccountFact[], account: () => Account): void {
  it.each(facts.map((fact) => [`${fact.title} [${fact.mark}]`, fact] as const))('%s', (_, fact) =>
    fact.check(account()),
  )
}

let prism: Awaited<ReturnType<typeof startPrism>>
beforeAll(async () => {
  prism = await startPrism({ seed: prismSeed(), issuedAtStart: 6 })
})
afterAll(() => prism.close())
const accountBy = (target: Target): Account =>
  openAccount(target, { apiUrl: prism.url, identityUrl: prism.url, ...prismClient })

describe('the stand-in', () => {
  let account: Account
  beforeAll(() => {
    account = accountBy(standInTarget('the stand-in'))
  })
  suite(prismFacts, () => account)
})

const real = fromEnvironment([
  'CONFORMANCE_PRISM_API_URL',
  'CONFORMANCE_PRISM_IDENTITY_URL',
  'CONFORMANCE_PRISM_CLIENT_ID',
  'CONFORMANCE_PRISM_CLIENT_SECRET',
])
describe.runIf(real !== null)('the real PRISM', () => {
  if (real === null) return
  const account = openAccount(realTarget('PRISM'), {
    apiUrl: real.CONFORMANCE_PRISM_API_URL,
    identityUrl: real.CONFORMANCE_PRISM_IDENTITY_URL,
    clientId: real.CONFORMANCE_PRISM_CLIENT_ID,
    clientSecret: real.CONFORMANCE_PRISM_CLIENT_SECRET,
  })
  suite(
    prismFacts.filter(({ onlyStandIn }) => !onlyStandIn),
    () => account,
  )
})

describe('the suite itself', () => {
  const failing = async (alter: (text: string) => string): Promise<string[]> => {
    const target: Target = {
      ...standInTarget('a PRISM with one rule broken'),
      ask: async (address, init) => {
        const response = await fetch(address, init)
        if (!address.endsWith('/csv') || response.status !== 200) return response
        const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await response.arrayBuffer())
        return new Response(alter(text), response)
      },
    }
    const account = accountBy(target)
    const failed: string[] = []
    for (const { title, check } of prismFacts) await check(account).catch(() => failed.push(title))
    return failed
  }

  it.each([
    ['a byte order mark', (text: string) => text.slice(1), ['an invoice file starts with a BOM']],
    [
      'the seventh decimal of its dates',
      (text: string) => text.replaceAll('.0000000+', '.000000+'),
      ['its dates have seven decimals'],
    ],
    [
      'cut ratios',
      (text: string) => text.replaceAll('0.566666666', '0.566666667'),
      ['its ratios are the days'],
    ],
  ])('fails where a file lacks %s, and nowhere else', async (_, alter, titles) => {
    const failed = await failing(alter)
    expect(failed).toHaveLength(titles.length)
    for (const [index, title] of titles.entries()) expect(failed[index]).toContain(title)
  })
})

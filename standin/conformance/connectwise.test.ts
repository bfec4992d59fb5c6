import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { additionsPath, newAddition, startTiny, tinySeed } from '#standin/connectwise/testing.ts'
import { hostedFacts } from './connectwise-hosted.ts'
import { readingFacts } from './connectwise-reading.ts'
import { type Fact, type Keys, openSite, type Site } from './connectwise-site.ts'
import { prepare, remove, type Workplace, writingFacts } from './connectwise-writing.ts'
import { fromEnvironment, realTarget, standInTarget, type Target } from './target.ts'

const keysOf = (url: string): Keys => ({
  url,
  company: 'acme',
  publicKey: 'pub',
  privateKey: 'priv',
  clientId: 'any',
})
const companies = Array.from({ length: 1001 }, (_, index) => ({
  id: index + 10,
  identifier: `C${index}`,
  name: `Wingtip ${index}`,
  deletedFlag: false,
}))

function suite(facts: readonly Fact[], site: () => Site): void {
  it.each(facts.map((fact) => [`${fact.title} [${fact.mark}]`, fact] as const))('%s', (_, fact) =>
    fact.check(site()),
  )
}

/** Prepares, runs and cleans up the writing part. */
function writingSuite(open: () => Site, company: string): void {
  const made: string[] = []
  let site: Site
  let place: Workplace | null = null
  beforeAll(async () => {
    site = open()
    place = await prepare(site, company, made)
  })
  afterAll(async () => {
    const left = await remove(site, made)
    if (left.length > 0) throw new Error(`Could not remove:\n${left.join('\n')}`)
  })
  const ready = (): Workplace => {
    if (place === null) throw new Error('The writing part was not prepared.')
    return place
  }
  suite([...writingFacts(ready, made), ...hostedFacts(made)], () => site)
}

let standIn: Awaited<ReturnType<typeof startTiny>>
beforeAll(async () => {
  standIn = await startTiny(tinySeed({ companies }))
  await standIn.call('POST', additionsPath, newAddition())
  await standIn.call('POST', '/control/agreements/30/invoice')
})
afterAll(() => standIn.close())
const siteBy = (target: Target) => openSite(target, keysOf(standIn.url))

describe('the stand-in', () => {
  const site = () => siteBy(standInTarget('the stand-in'))
  suite(readingFacts, site)
  describe('written to', () => writingSuite(site, 'C0'))

  it('is not written to where no company has the name', async () => {
    const made: string[] = []
    await expect(prepare(site(), 'nobody', made)).rejects.toThrow('exactly one')
    expect(made).toEqual([])
  })
})

const real = fromEnvironment([
  'CONFORMANCE_CONNECTWISE_SITE',
  'CONFORMANCE_CONNECTWISE_COMPANY',
  'CONFORMANCE_CONNECTWISE_PUBLIC_KEY',
  'CONFORMANCE_CONNECTWISE_PRIVATE_KEY',
  'CONFORMANCE_CONNECTWISE_CLIENT_ID',
])
describe.runIf(real !== null)('the real ConnectWise', () => {
  if (real === null) return
  const keys: Keys = {
    url: `https://${real.CONFORMANCE_CONNECTWISE_SITE}`,
    company: real.CONFORMANCE_CONNECTWISE_COMPANY,
    publicKey: real.CONFORMANCE_CONNECTWISE_PUBLIC_KEY,
    privateKey: real.CONFORMANCE_CONNECTWISE_PRIVATE_KEY,
    clientId: real.CONFORMANCE_CONNECTWISE_CLIENT_ID,
  }
  const site = openSite(realTarget(keys.url), keys)
  suite(readingFacts, () => site)

  const company = process.env.CONFORMANCE_CONNECTWISE_WRITE_COMPANY
  if (company) describe('written to', () => writingSuite(() => openSite(realTarget(keys.url), keys), company))
})

describe('the suite itself', () => {
  const altered = (alter: (text: string, address: string) => string): Target => ({
    ...standInTarget('a ConnectWise with one rule broken'),
    ask: async (address, init) => {
      const response = await fetch(address, init)
      return new Response(alter(await response.text(), address), response)
    },
  })
  const failing = async (target: Target): Promise<string[]> => {
    const failed: string[] = []
    for (const fact of readingFacts) await fact.check(siteBy(target)).catch(() => failed.push(fact.title))
    return failed
  }

  it('fails nowhere but at the count where only the count is wrong', async () => {
    const wrong = altered((text, address) =>
      address.endsWith('billingCycles/count') ? '{"count": 999}' : text,
    )
    expect(await failing(wrong)).toEqual(['count agrees with the list (4)'])
  })

  it('fails at the line ends of errors where they are not CRLF', async () => {
    const wrong = altered((text) => text.replaceAll('\r\n', '\n'))
    expect(await failing(wrong)).toEqual(['errors are {code, message, errors}, pretty-printed with CRLF (5)'])
  })

  it('stops before it asks a real instance more than its budget', async () => {
    const target = realTarget('x', { gapMs: 0, budget: 1 })
    await target.ask(`${standIn.url}/login/companyinfo/acme`)
    await expect(target.ask(`${standIn.url}/login/companyinfo/acme`)).rejects.toThrow('more than 1 requests')
  })
})

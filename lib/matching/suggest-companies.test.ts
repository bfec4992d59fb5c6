/** Which companies a customer may be, how sure that is, and on which agreement (J7). `SEED` repeats one run of the properties. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { skuKey, subscriptionKey } from '#lib/billing/keys.ts'
import { misspeltPartner } from '#standin/misspelt/partner.ts'
import type { AgreementRead, Bought } from './booked.ts'
import type { CompanyToMatch } from './index-of-companies.ts'
import { suggestAll, type TenantToMatch } from './suggest-companies.ts'
import { tenantsToMatch } from './testing/measured.ts'

const seed = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

let ids = 0
const tenant = (name: string, domain = '', of: Partial<TenantToMatch> = {}): TenantToMatch => ({
  id: `tenant-${(ids += 1)}`,
  name,
  domain,
  formerNames: [],
  formerDomains: [],
  ...of,
})
const company = (name: string, of: Partial<CompanyToMatch> = {}): CompanyToMatch => ({
  id: (ids += 1),
  name,
  identifier: '',
  website: '',
  ...of,
})
const bought = (subscription: string, product: string, quantity: number): Bought => ({
  subscription: subscriptionKey(subscription),
  product: skuKey(product),
  quantity,
})
const agreement = (
  companyId: number,
  name: string,
  additions: readonly (readonly [serial: string, product: string, quantity: number])[] = [],
  isFit = true,
): AgreementRead => ({
  id: (ids += 1),
  companyId,
  name,
  isFit,
  additions: additions.map(([serial, product, quantity]) => ({
    serial: subscriptionKey(serial),
    product: skuKey(product),
    quantity,
  })),
})

/** Other names of a partner, so that common words are common. */
const neighbours = [
  'Fabrikam Dental',
  'Contoso Dental Group',
  'Litware Holdings',
  'Adatum Services',
  'Proseware Plumbing',
  'Lucerne Publishing Group',
  'Wingtip Toys Holdings',
  'Trey Research Services',
].map((name) => company(name))

const first = (
  of: TenantToMatch,
  companies: readonly CompanyToMatch[],
  read: readonly AgreementRead[] = [],
  others: readonly TenantToMatch[] = [],
) => suggestAll({ tenants: [of, ...others], companies: [...companies, ...neighbours], read })[0]?.companies[0]

const coho = company('Coho Winery Pty Ltd', { website: 'https://www.coho.example/' })
const DOMAIN = 'coho.example'

describe('a company is suggested first [J7]', () => {
  it.each([
    ['a letter missing', 'Coho Winry', 'Coho Winery'],
    ['two letters swapped', 'Cohoo Wniery', 'Coho Winery'],
    ['a word cut off', 'Northwind Tra.', 'Northwind Traders'],
    ['a word shortened', 'Tailspin Mgmt Svcs', 'Tailspin Management Services'],
    ['another order of the words', 'Winery, Coho', 'Coho Winery'],
    ['words written together', 'FourthCoffee Roasters', 'Fourth Coffee Roasters'],
    ['initials', 'SRP', 'Southridge River Productions'],
    ['another legal form', 'Coho Winery Sdn Bhd', 'PT Coho Winery Tbk'],
    ['a Vietnamese legal form', 'Công ty TNHH Minh Phát', 'Minh Phat Co., Ltd.'],
    ['an Indian legal form', 'Relecloud (P) Ltd', 'Relecloud Private Limited'],
    ['accents', 'Müller Söhne', 'Muller Sohne'],
    ['an owner before it', 'Smith Family Trust t/a Coho Winery', 'Coho Winery'],
    ['an owner only there', 'Coho Winery', 'Smith Holdings Pty Ltd trading as Coho Winery'],
    ['a domain for a name', 'cohowinery.example', 'Coho Winery'],
    ['a domain for a name, with words that say nothing', 'bestforyou.example', 'Best for You'],
    ['its article behind it', 'The Phone Company', 'Phone Company, The'],
  ])('whose name has %s', (_, mine, theirs) => {
    expect(first(tenant(mine), [company(theirs)])?.company.name).toBe(theirs)
  })

  it('by its domain where the names have nothing in common', () => {
    const found = first(tenant('Cellars of the South', DOMAIN), [coho])
    expect(found).toMatchObject({ company: { id: coho.id }, isLikely: false })
    expect(found?.evidence[0]?.reason).toBe('same domain')
  })

  it('rather the one that has the domain than the one with the better name', () => {
    const namesake = company('Coho Winery')
    const found = first(tenant('Coho Winery & Cellars', DOMAIN), [namesake, coho])
    expect(found?.company.id).toBe(coho.id)
  })
})

describe('a company is likely [J7]', () => {
  const has = [bought('s1', 'premium', 17), bought('s2', 'basic', 3)]

  it('where its name and its website’s domain are the customer’s', () => {
    expect(first(tenant('COHO WINERY', DOMAIN), [coho])).toMatchObject({ isLikely: true, score: 100 })
  })

  it('where the mail of a contact has the domain', () => {
    const mailing = company('Coho Winery', { contactDomains: ['gmail.com', DOMAIN] })
    expect(first(tenant('Coho Winery', DOMAIN), [mailing])?.isLikely).toBe(true)
  })

  it('where its additions carry the subscriptions’ ids, whatever its name', () => {
    const cellars = company('Cellars')
    const read = [agreement(cellars.id, 'CSP', [[' S1 ', 'premium', 4]])]
    const found = first(tenant('Coho Winery', DOMAIN, { bought: has }), [cellars], read)
    expect(found).toMatchObject({
      company: { id: cellars.id },
      isLikely: true,
      agreement: { isLikely: true },
    })
    expect(found?.evidence[0]).toEqual({
      kind: 'serial',
      reason: '1 addition of “CSP” carries its subscriptions’ ids',
    })
  })

  it('where its name is the same and its additions have the customer’s quantities', () => {
    const named = company('Coho Winery')
    const additions = [['', 'premium', 17] as const, ['', 'basic', 3] as const]
    const read = [agreement(named.id, 'Managed Services'), agreement(named.id, 'Licences', additions)]
    const found = first(tenant('Coho Winery', '', { bought: has }), [named], read)
    expect(found).toMatchObject({ isLikely: true, agreement: { name: 'Licences', isLikely: true } })
    expect(found?.evidence[0]?.reason).toBe('2 products of “Licences” with the customer’s quantities')
  })
})

describe('a company is never likely [J7]', () => {
  it.each([
    ['by its name alone: two businesses may have one', tenant('Coho Winery'), [company('Coho Winery')]],
    [
      'by its name where it has another domain',
      tenant('Coho Winery', 'coho-perth.example'),
      [company('Coho Winery', { website: 'coho-brisbane.example' })],
    ],
    [
      'by everybody’s mail',
      tenant('Coho Winery', 'gmail.com'),
      [company('Coho Winery', { contactDomains: ['gmail.com'] })],
    ],
    [
      'where it is another of the group, and both have the domain',
      tenant('Coho Group', DOMAIN),
      [company('Coho Holdings', { website: DOMAIN })],
    ],
    [
      'where the word that tells them apart is there twice',
      tenant('Coho Group', DOMAIN),
      [company('Coho Group Group', { website: DOMAIN })],
    ],
    [
      'where the word that tells them apart is missing',
      tenant('Coho', DOMAIN),
      [company('Coho Holdings', { website: DOMAIN })],
    ],
    [
      'where its name is cut off, and may go on with another word',
      tenant('Southridge Refrigeration and Air Conditioning Parts', DOMAIN),
      [company('Southridge Refrigeration and Air Conditioning Part', { website: DOMAIN })],
    ],
    [
      'by a domain that is the name, too, so that one thing speaks for it',
      tenant('cohowinery.example', 'cohowinery.example'),
      [company('Coho Winery', { website: 'cohowinery.example' })],
    ],
    [
      'where it is another of the chain',
      tenant('Coho Fitness Bondi', DOMAIN),
      [company('Coho Fitness Manly', { website: DOMAIN })],
    ],
    [
      'beside one that comes close',
      tenant('Coho Winery', DOMAIN),
      [company('Coho Winery', { website: DOMAIN }), company('Coho Winery Pty Ltd', { website: DOMAIN })],
    ],
  ])('%s', (_, of, companies) => {
    const found = first(of, companies)
    expect(found).toBeDefined()
    expect(found?.isLikely).toBe(false)
  })

  it('for a customer where another comes close to it', () => {
    const others = [tenant('Coho Winery Ltd', DOMAIN)]
    expect(first(tenant('Coho Winery', DOMAIN), [coho], [], others)?.isLikely).toBe(false)
  })

  it('where additions of two companies carry the ids', () => {
    const [one, other] = [company('Coho Winery', { website: DOMAIN }), company('Coho Cellars')]
    const read = [one, other].map(({ id }) => agreement(id, 'CSP', [['s1', 'premium', 4]]))
    const has = [bought('s1', 'premium', 4)]
    expect(first(tenant('Coho Winery', DOMAIN, { bought: has }), [one, other], read)?.isLikely).toBe(false)
  })

  it('by one product of a quantity that many have', () => {
    const named = company('Coho Winery')
    const has = [bought('s1', 'basic', 1)]
    const others = Array.from({ length: 30 }, (_, at) =>
      tenant(`Customer ${at}`, '', { bought: [bought(`o${at}`, 'basic', 1)] }),
    )
    const read = [agreement(named.id, 'CSP', [['', 'basic', 1]])]
    expect(first(tenant('Coho Winery', '', { bought: has }), [named], read, others)?.isLikely).toBe(false)
  })
})

describe('the likely agreement of a suggested company [J7]', () => {
  const named = company('Coho Winery')
  const of = tenant('Coho Winery', '', { bought: [bought('s1', 'premium', 17)] })

  it.each([
    [
      'is the only one that can be billed on',
      [
        ['Backup', true],
        ['CSP', false],
      ],
      'Backup',
      true,
    ],
    [
      'is the only one named after Microsoft’s',
      [
        ['Backup', true],
        ['Office 365', true],
      ],
      'Office 365',
      true,
    ],
    [
      'is only a guess of several',
      [
        ['Backup', true],
        ['Telephony', true],
      ],
      'Backup',
      false,
    ],
    [
      'is only a guess of several that are named so',
      [
        ['CSP', true],
        ['M365', true],
      ],
      'CSP',
      false,
    ],
  ] as const)('%s', (_, agreements, name, isLikely) => {
    const read = agreements.map(([called, isFit]) => agreement(named.id, called, [], isFit))
    expect(first(of, [named], read)?.agreement).toMatchObject({ name, isLikely })
  })

  it('is none where none can be billed on, and unknown where none was read', () => {
    expect(first(of, [named], [agreement(named.id, 'CSP', [], false)])?.agreement).toBeNull()
    expect(first(of, [named])?.agreement).toBeNull()
  })

  it('is no likely one where the ids are on one that cannot be billed on', () => {
    const read = [agreement(named.id, 'CSP', [['s1', 'premium', 17]], false), agreement(named.id, 'Backup')]
    expect(first(of, [named], read)?.agreement).toMatchObject({ name: 'Backup', isLikely: false })
  })
})

describe('suggestions [J7]', () => {
  const partner = misspeltPartner({ seed: 7, tenants: 60, companies: 90, book: 'by-hand' })
  const [tenants, { companies }] = [tenantsToMatch(partner), partner]

  it('do not depend on the order in which customers and companies are given', () => {
    const shuffled = <T>(all: readonly T[]) => fc.shuffledSubarray([...all], { minLength: all.length })
    const said = (of: typeof tenants, among: typeof companies) =>
      new Map(
        suggestAll({ tenants: of, companies: among }).map(({ tenant: { id }, companies: found }) => [
          id,
          found.map(({ company: { id: companyId }, ...rest }) => ({ companyId, ...rest })),
        ]),
      )
    const expected = said(tenants, companies)
    fc.assert(
      fc.property(shuffled(tenants), shuffled(companies), (of, among) => {
        expect(said(of, among)).toEqual(expected)
      }),
      { ...seed, numRuns: 10 },
    )
  })

  it('are the same for one customer as for all, and for nobody else', () => {
    const all = suggestAll({ tenants, companies })
    for (const each of all) {
      const wanted = new Set([each.tenant.id])
      expect(suggestAll({ tenants, companies, wanted })).toEqual([each])
    }
  })

  it('are scored best first, say why, and are likely at most for the first', () => {
    const all = suggestAll({ tenants, companies })
    expect(all.filter(({ companies: [found] }) => found?.isLikely).length).toBeGreaterThan(10)
    for (const { companies: found } of all)
      for (const [at, { score, evidence, isLikely }] of found.entries()) {
        expect(score).toBeLessThanOrEqual(found[at - 1]?.score ?? 100)
        expect(evidence).not.toEqual([])
        if (at > 0) expect(isLikely).toBe(false)
      }
  })
})

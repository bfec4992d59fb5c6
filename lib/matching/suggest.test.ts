/** Which customer may be which company (J7). `SEED` repeats one run of the properties. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CompanyNames, suggestTenants, type TenantNames } from './suggest.ts'
import { baseNameArb, legalFormArb } from './testing/names.ts'

const seed = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

const tenant = (of: Partial<TenantNames> = {}): TenantNames => ({
  id: 'tenant-1',
  name: 'Coho Winery',
  domain: 'coho.example',
  formerNames: [],
  formerDomains: [],
  ...of,
})
const company = (of: Partial<CompanyNames> = {}): CompanyNames => ({
  id: 1,
  name: 'Coho Winery Pty Ltd',
  identifier: '',
  website: '',
  ...of,
})
const reasons = (of: TenantNames, as: CompanyNames): string[] =>
  suggestTenants(as, [of]).flatMap(({ evidence }) => evidence.map(({ reason }) => reason))

describe('a customer is suggested for a company [J7]', () => {
  it.each([
    ['by the name, whatever the legal form', {}, {}, ['same name']],
    [
      'by the domain of its website',
      {},
      { name: 'Cellars', website: 'https://www.COHO.example/' },
      ['same domain'],
    ],
    ['by both', {}, { website: 'coho.example' }, ['same name', 'same domain']],
    [
      'by the identifier that is its name without spaces',
      {},
      { name: 'CW', identifier: 'CohoWinery' },
      ['named as the company’s id'],
    ],
    [
      'by what it was called before',
      { formerNames: ['coho vineyard ltd', 'coho winery'] },
      { name: 'Coho Vineyard' },
      ['formerly named coho vineyard ltd'],
    ],
    [
      'by the domain that it had before',
      { formerDomains: ['old.example', 'coho.example'] },
      { name: 'Cellars', website: 'old.example' },
      ['formerly had the domain old.example'],
    ],
    [
      'by a domain that PRISM gives for its name',
      { name: 'coho.example', domain: '' },
      { name: 'Cellars', website: 'coho.example' },
      ['same domain'],
    ],
  ] as const)('%s', (_, of, as, said) => {
    expect(reasons(tenant(of), company(as))).toEqual(said)
  })

  it.each([
    ['whose name is only alike', {}, { name: 'Coho Wineries' }],
    ['that has no name, as the company has none', { name: 'Pty Ltd', domain: '' }, { name: 'Limited' }],
    ['of which nothing is known', { name: '', domain: '' }, { name: '', website: '', identifier: '' }],
    ['of another subdomain', {}, { name: 'Cellars', website: 'shop.coho.example' }],
  ])('but none %s', (_, of, as) => {
    expect(reasons(tenant(of), company(as))).toEqual([])
  })

  it('with the one that fits in more first, and two that fit equally both, in the order of their ids', () => {
    const tenants = [
      tenant({ id: 'c', domain: '' }),
      tenant({ id: 'b', name: 'Other', domain: '', formerNames: ['coho winery'] }),
      tenant({ id: 'a', domain: '' }),
      tenant({ id: 'd' }),
      tenant({ id: 'e', name: 'Other', domain: 'other.example' }),
    ]
    const found = suggestTenants(company({ website: 'coho.example' }), tenants)
    expect(found.map(({ candidate }) => candidate.id)).toEqual(['d', 'a', 'c', 'b'])
    expect(found[1]?.evidence).toEqual(found[2]?.evidence)
  })
})

const textArb = fc.oneof(
  fc.constantFrom('', 'Pty Ltd', 'coho.example', 'CohoWinery'),
  baseNameArb,
  fc.tuple(baseNameArb, legalFormArb).map((parts) => parts.join(' ')),
)
const domainArb = fc.constantFrom('', 'coho.example', 'WWW.coho.example', 'tailspin.example', 'n/a')
const tenantsArb = fc.uniqueArray(
  fc.record({
    id: fc.string({ minLength: 1, maxLength: 3 }),
    name: textArb,
    domain: domainArb,
    formerNames: fc.array(textArb, { maxLength: 2 }),
    formerDomains: fc.array(domainArb, { maxLength: 2 }),
  }),
  { selector: ({ id }) => id, maxLength: 8 },
)
const companiesArb = fc.uniqueArray(
  fc.record({ id: fc.integer({ min: 1, max: 99 }), name: textArb, identifier: textArb, website: domainArb }),
  { selector: ({ id }) => id, maxLength: 8 },
)

describe('suggestions', () => {
  it('do not depend on the order in which customers are given [J7]', () => {
    const shuffled = <T>(all: readonly T[]) => fc.shuffledSubarray([...all], { minLength: all.length })
    const both = fc.tuple(tenantsArb, companiesArb)
    fc.assert(
      fc.property(
        both.chain(([tenants, companies]) =>
          fc.record({
            tenants: fc.constant(tenants),
            companies: fc.constant(companies),
            otherTenants: shuffled(tenants),
          }),
        ),
        ({ tenants, companies, otherTenants }) => {
          for (const as of companies)
            expect(suggestTenants(as, otherTenants)).toEqual(suggestTenants(as, tenants))
        },
      ),
      seed,
    )
  })

  it('are not changed by accents, case or legal forms [J7]', () => {
    const otherwise = (name: string, form: string): string =>
      `${name.replace(/[aeiou]/gi, (letter) => `${letter}\u0308`).toUpperCase()} ${form}`
    fc.assert(
      fc.property(baseNameArb, baseNameArb, legalFormArb, (one, other, form) => {
        const said = (of: string, as: string) => reasons(tenant({ name: of }), company({ name: as }))
        expect(said(otherwise(one, form), other)).toEqual(said(one, other))
        expect(said(one, otherwise(other, form))).toEqual(said(one, other))
      }),
      seed,
    )
  })

  it('always say why, and never of what says nothing [J7]', () => {
    fc.assert(
      fc.property(tenantsArb, companiesArb, (tenants, companies) => {
        for (const as of companies)
          for (const { evidence } of suggestTenants(as, tenants)) expect(evidence).not.toEqual([])
        const nobody = company({ name: '', identifier: '', website: '' })
        expect(suggestTenants(nobody, tenants)).toEqual([])
        const unnamed = [tenant({ name: 'Pty Ltd', domain: '' })]
        for (const as of companies) expect(suggestTenants(as, unnamed)).toEqual([])
      }),
      seed,
    )
  })
})

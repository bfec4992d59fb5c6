import { describe, expect, it } from 'vitest'
import { readClaim } from './claim.ts'
import { screenOrigins } from './frame-hosts.ts'

describe('who may frame a pod', () => {
  it('is the host that people look at, where the API answers at api- [H3]', () => {
    expect(screenOrigins('api-na.myconnectwise.net')).toEqual(['https://na.myconnectwise.net'])
    expect(screenOrigins('na.myconnectwise.net')).toEqual(['https://na.myconnectwise.net'])
    expect(screenOrigins('https://psa.msp.example:8443/v4_6_release')).toEqual([
      'https://psa.msp.example:8443',
    ])
    expect(screenOrigins('http://127.0.0.1:4400')).toEqual(['http://127.0.0.1:4400'])
  })

  it('is ConnectWise’s cloud where the organisation is not known, each host by itself [H3]', () => {
    const origins = screenOrigins(null)
    expect(origins).toContain('https://aus.myconnectwise.net')
    expect(origins.join(' ')).not.toContain('*')
  })
})

describe('a member’s claim', () => {
  const claim = { memberId: 'jdoe', memberHash: '1111-2222', memberContext: 'web' }
  const place = { site: 'api-na.myconnectwise.net', companyId: 'Northwind' }

  it('is taken as ConnectWise sends it [H4]', () => {
    expect(readClaim(claim, place)).toEqual(claim)
    for (const site of [
      'https://na.myconnectwise.net/',
      'na.myconnectwise.net',
      'https://api-na.myconnectwise.net',
    ])
      expect(readClaim({ ...claim, site, companyId: 'northwind' }, place), site).toEqual(claim)
    expect(readClaim({ ...claim, site: '', companyId: '' }, place)).toEqual(claim)
  })

  it.each([
    ['a separator in the id', { memberId: 'j;doe' }],
    ['a colon in the id, which would split Basic credentials', { memberId: 'j:doe' }],
    ['a line break', { memberHash: 'x\r\nHost: evil' }],
    ['a character beyond ASCII', { memberId: 'jdoé' }],
    ['nothing for a context', { memberContext: '' }],
    ['too long a hash', { memberHash: 'x'.repeat(2049) }],
    ['another company', { companyId: 'contoso' }],
    ['another site', { site: 'https://eu.myconnectwise.net/' }],
    ['a site that only begins as ours', { site: 'https://na.myconnectwise.net.evil.example' }],
    ['a site that is none', { site: ':' }],
  ])('is no member’s with %s [H4]', (_, wrong) => {
    expect(readClaim({ ...claim, ...wrong }, place)).toBeNull()
  })
})

import { describe, expect, it } from 'vitest'
import { callerAddress, callerNetwork, readTrustedProxy } from './caller-address.ts'

const asked = (peer: string | null, forwardedFor: string | null, trusted: string | null) =>
  callerAddress({ peer, forwardedFor, trustedProxy: trusted === null ? null : readTrustedProxy(trusted) })

describe('the caller’s address', () => {
  it('is the other end of the connection where no proxy is trusted, whatever the caller writes [B6]', () => {
    expect(asked('203.0.113.7', '198.51.100.1', null)).toBe('203.0.113.7')
    expect(asked('203.0.113.7', null, null)).toBe('203.0.113.7')
    expect(asked(null, '198.51.100.1', null)).toBeNull()
  })

  it('is what the trusted proxy appended; what stands before that is the caller’s own invention [B6]', () => {
    const proxies = '10.0.0.0/8, 192.0.2.1 fd00::/8'
    expect(asked('10.1.1.1', '203.0.113.7', proxies)).toBe('203.0.113.7')
    expect(asked('10.1.1.1', '1.1.1.1, 127.0.0.1, 203.0.113.7', proxies)).toBe('203.0.113.7')
    expect(asked('10.1.1.1', '1.1.1.1, 203.0.113.7, 192.0.2.1', proxies)).toBe('203.0.113.7')
    expect(asked('fd00::5', '2001:db8::9', proxies)).toBe('2001:db8::9')
    // Past the proxy: nobody vouches for the header.
    expect(asked('203.0.113.7', '1.1.1.1', proxies)).toBe('203.0.113.7')
  })

  it('is counted from the right by a number of proxies, and never from further than the header goes [B6]', () => {
    expect(asked('10.1.1.1', '1.1.1.1, 203.0.113.7', '1')).toBe('203.0.113.7')
    expect(asked('10.1.1.1', '1.1.1.1, 203.0.113.7, 10.2.2.2', '2')).toBe('203.0.113.7')
    expect(asked('10.1.1.1', '203.0.113.7', '2')).toBe('10.1.1.1')
  })

  it('is the last proxy that is known where the one before it is no address [B6]', () => {
    for (const odd of ['unknown', '', '_hidden', '1.2.3', '203.0.113.7, nonsense', '<script>'])
      expect(asked('10.1.1.1', odd, '10.0.0.0/8'), odd).toBe('10.1.1.1')
    expect(asked('10.1.1.1', '10.9.9.9', '10.0.0.0/8')).toBe('10.9.9.9')
  })

  it('is the same in every way of writing it [B6]', () => {
    for (const written of [
      '203.0.113.7:4711',
      '[::ffff:203.0.113.7]:99',
      '::FFFF:cb00:7107',
      '"203.0.113.7"',
    ])
      expect(asked('10.1.1.1', written, '10.0.0.0/8'), written).toBe('203.0.113.7')
    expect(asked('::ffff:203.0.113.7', null, null)).toBe('203.0.113.7')
    expect(asked('fe80::1%eth0', null, null)).toBe('fe80::1')
  })
})

describe('a caller', () => {
  it('is counted by an IPv4 address, and by the 64 bits that one subscriber has of IPv6 [B6]', () => {
    expect(callerNetwork('203.0.113.7')).toBe('203.0.113.7')
    const mine = ['2001:db8:1:2::1', '2001:db8:1:2:ffff:ffff:ffff:ffff', '2001:DB8:1:2::'].map(callerNetwork)
    expect(new Set(mine)).toEqual(new Set(['2001:db8:1:2::/64']))
    expect(callerNetwork('2001:db8:1:3::1')).toBe('2001:db8:1:3::/64')
    expect(callerNetwork('::1')).toBe('0:0:0:0::/64')
  })
})

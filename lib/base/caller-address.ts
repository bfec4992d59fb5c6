/** Whose request it is: the address that the connection or a trusted proxy gives, never what the caller says of itself. */
import { BlockList, isIP } from 'node:net'

/** Whose `X-Forwarded-For` is believed: addresses of proxies, or that there are always so many of them in front. */
export type TrustedProxy =
  | { readonly kind: 'addresses'; readonly includes: (address: string) => boolean }
  | { readonly kind: 'hops'; readonly hops: number }

const MOST_HOPS = 10

/** Reads addresses and networks (`10.0.0.0/8`) with commas or spaces, or a number of hops; `null` where the text is neither. */
export function readTrustedProxy(text: string): TrustedProxy | null {
  const entries = text.split(/[\s,]+/).filter((entry) => entry !== '')
  const [first = ''] = entries
  if (entries.length === 1 && /^\d+$/.test(first)) {
    const hops = Number(first)
    return hops >= 1 && hops <= MOST_HOPS ? { kind: 'hops', hops } : null
  }
  const list = new BlockList()
  for (const entry of entries) {
    const [address = '', prefix, ...more] = entry.split('/')
    const family = familyOf(address)
    const bits = prefix === undefined ? longestPrefix[family ?? 'ipv4'] : Number(prefix)
    if (family === null || more.length > 0 || (prefix !== undefined && !/^\d{1,3}$/.test(prefix))) return null
    if (bits > longestPrefix[family]) return null
    list.addSubnet(address, bits, family)
  }
  const includes = (address: string): boolean => {
    const family = familyOf(address)
    return family !== null && list.check(address, family)
  }
  return entries.length === 0 ? null : { kind: 'addresses', includes }
}

const longestPrefix = { ipv4: 32, ipv6: 128 } as const

const familyOf = (address: string): 'ipv4' | 'ipv6' | null =>
  (({ 4: 'ipv4', 6: 'ipv6' }) as const)[isIP(address)] ?? null

interface Sources {
  /** The other end of the connection, as the socket or the platform gives it. */
  readonly peer: string | null
  /** `X-Forwarded-For`: every proxy appends whom it was asked by; what is on the left anybody may have written. */
  readonly forwardedFor: string | null
  readonly trustedProxy: TrustedProxy | null
}

/** The address that asks; `null` where no trustworthy one is known. */
export function callerAddress({ peer, forwardedFor, trustedProxy }: Sources): string | null {
  const nearest = bareAddress(peer ?? '')
  if (trustedProxy === null) return nearest
  const chain = (forwardedFor ?? '').split(',').map((entry) => bareAddress(entry))
  if (trustedProxy.kind === 'hops') return chain.at(-trustedProxy.hops) ?? nearest
  let caller = nearest
  while (caller !== null && trustedProxy.includes(caller) && chain.length > 0) {
    const before = chain.pop() ?? null
    // A trusted proxy that does not say who asked it is the last one known.
    if (before === null) break
    caller = before
  }
  return caller
}

/** An address without port, brackets and zone; IPv4 inside IPv6 as IPv4. `null` where the text is none. */
function bareAddress(text: string): string | null {
  const trimmed = text.trim().replace(/^"|"$/g, '')
  const withoutPort = /^\[([^\]]+)\](?::\d+)?$/.exec(trimmed)?.[1] ?? trimmed.replace(/^([\d.]+):\d+$/, '$1')
  const address = withoutPort.replace(/%.*$/, '').toLowerCase()
  const family = isIP(address)
  if (family === 4) return address
  if (family !== 6) return null
  const groups = groupsOf(address)
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff
  if (!isMapped) return address
  return groups
    .slice(6)
    .flatMap((group) => [group >> 8, group & 255])
    .join('.')
}

/** The eight groups of an IPv6 address. */
function groupsOf(address: string): number[] {
  // The URL standard writes an IPv4 ending as two groups.
  const written = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const [left = '', right] = written.split('::')
  const numbers = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16))
  const [head, tail] = [numbers(left), numbers(right ?? '')]
  return [...head, ...Array<number>(8 - head.length - tail.length).fill(0), ...tail]
}

/** What a caller is counted by: an IPv4 address, or the 64-bit network of an IPv6 one, which is one subscriber's. */
export function callerNetwork(address: string): string {
  if (isIP(address) !== 6) return address
  const network = groupsOf(address).slice(0, 4)
  return `${network.map((group) => group.toString(16)).join(':')}::/64`
}

/** Which IP addresses are public: IANA's special-purpose registries (IPv4, IPv6), everything else. */
import { BlockList, isIP } from 'node:net'

const special = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8], // this network
  ['10.0.0.0', 8],
  ['100.64.0.0', 10], // shared by a provider's customers
  ['127.0.0.0', 8],
  ['169.254.0.0', 16], // link-local; cloud metadata
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24], // documentation
  ['192.88.99.0', 24], // 6to4 relays
  ['192.168.0.0', 16],
  ['198.18.0.0', 15], // benchmarks
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4], // multicast
  ['240.0.0.0', 4], // reserved, broadcast
] as const)
  special.addSubnet(network, prefix, 'ipv4')
for (const [network, prefix] of [
  ['2001::', 23], // protocol assignments, Teredo among them
  ['2001:db8::', 32], // documentation
  ['2002::', 16], // 6to4: an IPv4 address in disguise
  ['3fff::', 20], // documentation
] as const)
  special.addSubnet(network, prefix, 'ipv6')

/** All public IPv6 addresses lie here; mapped IPv4, NAT64, unique local, link-local and loopback do not. */
const globalUnicast = new BlockList()
globalUnicast.addSubnet('2000::', 3, 'ipv6')

export function isPublicAddress(address: string): boolean {
  const family = isIP(address)
  if (family === 4) return !special.check(address, 'ipv4')
  return family === 6 && globalUnicast.check(address, 'ipv6') && !special.check(address, 'ipv6')
}

/** Names for use inside a machine or a network (RFC 6761, 6762, 8375, ICANN's `internal`); a public host's name has a dot. */
const ownNames = ['localhost', 'local', 'internal', 'home.arpa']

/** Whether a name can be a public host's; what it leads to is looked at when it is resolved. */
export function isPublicName(name: string): boolean {
  const bare = name.toLowerCase().replace(/\.$/, '')
  return bare.includes('.') && !ownNames.some((own) => bare === own || bare.endsWith(`.${own}`))
}

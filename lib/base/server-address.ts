/** Addresses with a user and a password in them, as of a database or a mail server, and what is wrong with one. */

export interface AddressKind {
  /** Without `://`, the usual one first. */
  readonly schemes: readonly string[]
  /** How one looks. */
  readonly example: string
}

/** What ends or opens a part of an address where it is not written as its code. */
const codes = { '#': '%23', '/': '%2F', '?': '%3F', '@': '%40', '%': '%25', ' ': '%20' } as const
type Reserved = keyof typeof codes

/** One sentence without its subject, which says what to change; `null` where the address is good. Never quotes it. */
export function addressProblem(text: string, { schemes, example }: AddressKind): string | null {
  const [, scheme = '', rest = ''] = /^([a-z][a-z0-9+.-]{0,20}):\/\/(.*)$/is.exec(text) ?? []
  const starts = schemes.map((each) => `${each}://`).join(' or ')
  if (scheme === '') return `must start with ${starts}: ${example}`
  if (!schemes.includes(scheme.toLowerCase()))
    return `starts with ${scheme}://, but must start with ${starts}`
  const reserved = reservedIn(rest)
  if (reserved !== null) return encodingNeeded(reserved)
  return (
    serverProblem(rest, example) ??
    (URL.canParse(text.replace('@/', '@socket/')) ? null : `must look like ${example}`)
  )
}

const encodingNeeded = (character: Reserved): string => {
  const shown = character === ' ' ? 'a space' : `“${character}”`
  return `holds ${shown} where it means something else: within a user name or password it is written ${codes[character]}`
}

/** The character that had to be written as its code; `null` where there is none. */
function reservedIn(rest: string): Reserved | null {
  if (rest.includes(' ')) return ' '
  if (rest.includes('#')) return '#'
  if (!isDecodable(rest)) return '%'
  const { authority, after, separator } = partsOf(rest)
  const [beforeQuery = '', query = ''] = after.split('?', 2)
  // A query's values may hold one: `?application_name=pod@home`.
  const endsTooEarly = beforeQuery.includes('@') || /^[^=]*@/.test(query)
  if (separator !== null && endsTooEarly) return separator
  return authority.split('@').length > 2 ? '@' : null
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

function partsOf(rest: string): { authority: string; after: string; separator: '/' | '?' | null } {
  const end = rest.search(/[/?]/)
  if (end < 0) return { authority: rest, after: '', separator: null }
  return { authority: rest.slice(0, end), after: rest.slice(end), separator: rest[end] === '/' ? '/' : '?' }
}

function serverProblem(rest: string, example: string): string | null {
  const { authority, after } = partsOf(rest)
  const server = authority.slice(authority.lastIndexOf('@') + 1)
  const [, host = '', port] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(server) ?? []
  // A socket's folder is named in the query.
  const hasHost = host !== '' || /[?&]host=[^&]/.test(after)
  if (!hasHost) return `names no server: ${example}`
  if (port !== undefined && !isPort(port))
    return `has something after the server's name that is no port from 1 to 65535: ${example}`
  return null
}

export const isPort = (text: string): boolean =>
  /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535

/** Whether an http address leads back to the machine that asks: it then leaves nothing to read on a network. */
export function isOfThisMachine(address: string): boolean {
  if (!URL.canParse(address)) return false
  const { hostname } = new URL(address)
  return /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)
}

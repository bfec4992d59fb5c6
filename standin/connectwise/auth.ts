/**
 * Who asks: API keys and `clientId` (docs/facts/connectwise.md, "Authentication"), members
 * (docs/facts/host-api.md, "Proving a member").
 */
import type { Incoming } from '../http/incoming.ts'
import { refuse } from './errors.ts'
import * as inferred from './inferred.ts'
import type { Row } from './records.ts'
import type { Store } from './store.ts'
import { textOf } from './text-of.ts'

export interface Site {
  readonly companyId: string
  readonly companyName?: string
  readonly publicKey: string
  readonly privateKey: string
  /** Left out: any clientId will do, none will not. */
  readonly clientIds?: readonly string[]
  /** Cloud sites may answer 404 to bad keys (docs/facts/connectwise.md, "Authentication"); default 401. */
  readonly badKeysStatus?: 401 | 404
  /** Answers bad keys with the body of older versions (docs/facts/connectwise.md, "Errors"). */
  readonly isOlder?: true
  /**
   * Is a cloud site's address for people, which answers programs "SSL is required."
   * (docs/facts/connectwise.md, "Base URL and company info").
   */
  readonly isUiHost?: true
  /** Requests above it in a minute get 429; left out: no limit. */
  readonly requestsPerMinute?: number
  /** What the keys' role does not allow (`roles.ts`); left out: it allows everything. */
  readonly denied?: readonly string[]
  /** Switches of `inferred.ts` that are not as they usually are. */
  readonly unknowns?: Partial<inferred.Unknowns>
}

/** Throws the refusal where the request has no valid clientId and API keys. */
export function checkKeys(incoming: Incoming, site: Site): void {
  checkClientId(incoming, site)
  const basic = readBasic(incoming)
  const right =
    basic !== null &&
    basic.user.toLowerCase() === `${site.companyId}+${site.publicKey}`.toLowerCase() &&
    basic.password === site.privateKey
  if (right) return
  if (site.badKeysStatus === 404) throw refuse(404, 'NotFound', 'The resource was not found')
  if (site.isOlder) throw refuse(401, 'ConnectWiseApi', 'ConnectWiseApi: UserNotAuthenticated')
  throw refuse(401, 'Unauthorized', inferred.badKeysMessage)
}

export function checkClientId(incoming: Incoming, site: Site): void {
  const clientId = incoming.header('clientid')
  const known = site.clientIds === undefined ? clientId !== '' : site.clientIds.includes(clientId)
  const { status, code, message } = inferred.missingClientId
  if (!known) throw refuse(status, code, message)
}

/** The member that a cookie or Basic claim proves; throws the 401 where it proves none. */
export function provenMember(incoming: Incoming, site: Site, store: Store): Row {
  checkClientId(incoming, site)
  const claim = cookieClaim(incoming) ?? basicClaim(incoming)
  const member =
    claim !== null && claim.company.toLowerCase() === site.companyId.toLowerCase()
      ? store
          .all('members')
          .find((row) => same(row.identifier, claim.memberId) && row.memberHash === claim.hash)
      : undefined
  if (member === undefined) throw refuse(401, 'Unauthorized', 'The member could not be authenticated.')
  return answered(member, store)
}

/** A member whose seed says `answersAs` answers as that one: for a client that must compare the identifiers. */
function answered(member: Row, store: Store): Row {
  if (typeof member.answersAs !== 'string') return member
  return store.all('members').find((row) => same(row.identifier, member.answersAs)) ?? member
}

/** The address that a member's `defaultEmail` (Office, Mobile or Home) chooses; `''` where there is none. */
export function mailAddressOf(member: Row): string {
  const addresses: Readonly<Record<string, unknown>> = {
    Office: member.officeEmail,
    Mobile: member.mobileEmail,
    Home: member.homeEmail,
  }
  const chosen = addresses[textOf(member.defaultEmail) || 'Office']
  return textOf(chosen)
}

interface Claim {
  readonly company: string
  readonly memberId: string
  readonly hash: string
}

/**
 * `null` without member cookies (their names in any case), and without `memberContext`, which ConnectWise
 * insists on (docs/facts/host-api.md, "Proving a member").
 */
function cookieClaim(incoming: Incoming): Claim | null {
  const cookies = new Map(
    incoming
      .header('cookie')
      .split(';')
      .map((pair) => pair.trim())
      .map((pair): [string, string] => {
        const at = pair.indexOf('=')
        return [pair.slice(0, at).toLowerCase(), pair.slice(at + 1)]
      }),
  )
  const [company, memberId, hash] = ['companyname', 'memberid', 'memberhash'].map((name) => cookies.get(name))
  if (!company || !memberId || !hash || !cookies.get('membercontext')) return null
  return { company, memberId, hash }
}

function basicClaim(incoming: Incoming): Claim | null {
  const basic = readBasic(incoming)
  const at = basic?.user.indexOf('+') ?? -1
  if (basic === null || at < 0) return null
  return { company: basic.user.slice(0, at), memberId: basic.user.slice(at + 1), hash: basic.password }
}

function readBasic(incoming: Incoming): { readonly user: string; readonly password: string } | null {
  const [, encoded] = /^Basic (.+)$/i.exec(incoming.header('authorization')) ?? []
  if (encoded === undefined) return null
  const decoded = Buffer.from(encoded, 'base64').toString('utf8')
  const at = decoded.indexOf(':')
  return at < 0 ? null : { user: decoded.slice(0, at), password: decoded.slice(at + 1) }
}

function same(one: unknown, other: unknown): boolean {
  return String(one).toLowerCase() === String(other).toLowerCase()
}

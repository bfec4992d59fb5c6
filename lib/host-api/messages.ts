/**
 * The messages of ConnectWise's host API, as the frame sees them. All of them are JSON *strings*, in both directions.
 * Source: docs/facts/host-api.md, "Messages". Nothing here is trusted: a message only says what to show,
 * never who is asking.
 */

/** What ConnectWise claims about the member who looks at the pod; the server proves it before anything is shown. */
export interface MemberClaim {
  readonly site: string
  readonly companyId: string
  readonly memberId: string
  readonly memberHash: string
  readonly memberContext: string
  readonly memberEmail: string
}

/** The record that the surrounding screen shows. */
export interface ScreenRecord {
  readonly screen: string
  readonly id: number
}

export type HostMessage =
  | { readonly kind: 'frame'; readonly frameId: string }
  | { readonly kind: 'response'; readonly name: string; readonly payload: unknown }
  | { readonly kind: 'event'; readonly name: string; readonly id: unknown; readonly payload: unknown }

/** Longer messages are ignored: nothing that ConnectWise sends comes near. Characters. */
export const MESSAGE_LIMIT = 64 * 1024

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** Reads one message; `null` for everything that is not the host API's, which is ignored and not an error. */
export function readHostMessage(raw: unknown): HostMessage | null {
  if (typeof raw !== 'string' || raw.length > MESSAGE_LIMIT) return null
  let message: unknown
  try {
    message = JSON.parse(raw)
  } catch {
    return null
  }
  if (!isRecord(message)) return null
  // The payload is under `data` as ConnectWise's own code sends it, under `args` in its readme.
  const payload = message['data'] ?? message['args']
  if (typeof message['response'] === 'string') {
    return { kind: 'response', name: message['response'].toLowerCase(), payload }
  }
  if (typeof message['event'] === 'string') {
    return { kind: 'event', name: message['event'], id: message['_id'], payload }
  }
  const frameId = message['MessageFrameID']
  if (typeof frameId === 'string' && frameId !== '') return { kind: 'frame', frameId }
  return null
}

/** Reads the answer to `getMemberAuthentication`; `null` where a part that the proof needs is missing. */
export function readMemberClaim(payload: unknown): MemberClaim | null {
  if (!isRecord(payload)) return null
  const claim: MemberClaim = {
    site: text(payload['site']),
    companyId: text(payload['companyid']),
    memberId: text(payload['memberid']),
    memberHash: text(payload['memberHash'] ?? payload['memberhash']),
    memberContext: text(payload['memberContext'] ?? payload['membercontext']),
    memberEmail: text(payload['memberEmail'] ?? payload['memberemail']),
  }
  return claim.memberId !== '' && claim.memberHash !== '' ? claim : null
}

/** Reads the payload of `onLoad`; `null` where it names no record. */
export function readScreenRecord(payload: unknown): ScreenRecord | null {
  const screen = isRecord(payload) ? payload['screenObject'] : undefined
  if (!isRecord(screen)) return null
  const id = Number(screen['id'])
  if (!Number.isSafeInteger(id) || id <= 0) return null
  return { screen: text(screen['screen']).toLowerCase(), id }
}

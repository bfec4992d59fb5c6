/**
 * Proving that the person in front of a pod is the ConnectWise member the browser claims
 * (docs/facts/host-api.md, "Proving a member", H4).
 */
import type { Guard } from '#lib/base/guarded-fetch.ts'
import { limits } from '#lib/base/limits.ts'
import { type SharedTime, sharedTime } from '#lib/base/retry.ts'
import { memberSchema } from './api-types.ts'
import type { Transport } from './transport.ts'
import type { Member, MemberCheck, MemberClaim } from './values.ts'

export interface MemberSettings {
  readonly companyId: string
  readonly clientId: string
  readonly guard: Guard
  /** For the whole check, however often it asks. */
  readonly timeoutMs: number
}

/** Longest texts that are passed on (docs/facts/host-api.md, "Proving a member"). */
const longest = { memberId: 100, memberHash: 2048, memberContext: 4096 } as const

type Proof = Readonly<Record<string, string>>
type Asked = { readonly status: number | null; readonly body: string }

/**
 * Asks ConnectWise as that member, by cookie and then by Basic. Host and company are ours, never the message's; the
 * answer's member must be the claimed one, so that a hash does not work under a colleague's name.
 */
export async function checkMember(
  claim: MemberClaim,
  settings: MemberSettings,
  transport: Pick<Transport, 'baseUrl' | 'moved'>,
): Promise<MemberCheck> {
  const problem = problemOf(claim)
  if (problem !== null) return { result: 'refused', reason: problem }
  const time = sharedTime(settings.timeoutMs)
  let last: Asked = { status: null, body: '' }
  for (const proof of proofs(claim, settings.companyId)) {
    last = await ask(proof, settings, transport, time)
    if (last.status === null || last.status >= 500 || last.status === 408 || last.status === 429)
      return unverifiable(last.status)
    if (last.status === 200) return judge(claim, last.body)
  }
  return last.status !== null && last.status < 400
    ? unverifiable(last.status)
    : { result: 'refused', reason: 'ConnectWise did not accept the member’s sign-in.' }
}

function proofs({ memberId, memberHash, memberContext }: MemberClaim, companyId: string): Proof[] {
  const basic = Buffer.from(`${companyId}+${memberId}:${memberHash}`).toString('base64')
  const byBasic = { authorization: `Basic ${basic}` }
  // Without a context ConnectWise refuses the cookie form (rule 4).
  if (memberContext === '') return [byBasic]
  const cookie = { companyName: companyId, memberId, memberHash, memberContext }
  return [
    {
      cookie: Object.entries(cookie)
        .map(([name, value]) => `${name}=${value}`)
        .join('; '),
    },
    byBasic,
  ]
}

async function ask(
  proof: Proof,
  settings: MemberSettings,
  transport: Pick<Transport, 'baseUrl' | 'moved'>,
  time: SharedTime,
): Promise<Asked> {
  const once = () => time.spend(() => askOnce(proof, settings, transport.baseUrl(), time.leftMs))
  const first = await once()
  if (first.status !== 404 || !(await time.spend(() => transport.moved()))) return first
  return once()
}

async function askOnce(
  proof: Proof,
  { clientId, guard }: MemberSettings,
  base: string,
  timeoutMs: number,
): Promise<Asked> {
  if (timeoutMs <= 0) return { status: null, body: '' }
  try {
    const headers = { ...proof, clientId, accept: 'application/json' }
    const response = await guard.fetch(`${base}/system/myMembers/info`, {
      headers,
      limits: { ...limits.record, timeoutMs },
    })
    return { status: response.status, body: await response.text() }
  } catch {
    return { status: null, body: '' }
  }
}

function judge(claim: MemberClaim, body: string): MemberCheck {
  const answer = memberSchema.safeParse(parsed(body))
  if (!answer.success) return unverifiable(200)
  const { id, identifier, firstName, lastName, fullName, defaultEmail, inactiveFlag } = answer.data
  if (identifier.toLowerCase() !== claim.memberId.toLowerCase())
    return { result: 'refused', reason: 'ConnectWise knows this sign-in as another member.' }
  if (inactiveFlag)
    return { result: 'refused', reason: 'The member is inactive in ConnectWise.', isInactive: true }
  const name = fullName || `${firstName} ${lastName}`.trim() || identifier
  const member: Member = { id, identifier, name, email: defaultEmail }
  return { result: 'verified', member }
}

function unverifiable(status: number | null): MemberCheck {
  const what = status === null ? 'did not answer' : `answered ${status}`
  return { result: 'unverifiable', reason: `The member cannot be verified now: ConnectWise ${what}.` }
}

/** The values go into headers: printable ASCII without what ends or separates a cookie; no `:` in the id (rule 5). */
function problemOf(claim: MemberClaim): string | null {
  for (const [name, most] of Object.entries(longest) as [keyof MemberClaim, number][]) {
    const value = claim[name]
    if (value === '' && name !== 'memberContext') return `The sign-in lacks ${name}.`
    if (value.length > most) return `The sign-in's ${name} is too long.`
    if (
      !/^[\x21-\x7e]*$/.test(value) ||
      /[;,"\\]/.test(value) ||
      (name === 'memberId' && value.includes(':'))
    )
      return `The sign-in's ${name} holds a character that is not allowed.`
  }
  return null
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

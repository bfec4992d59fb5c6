/** ConnectWise members in front of a pod: what their screen says of them, and the session that comes of it. */
import { podSessionSchema } from '../schemas/pod.ts'
import { type ApiWorld, type CallApi, call } from './api-world.ts'

export interface Claim {
  readonly memberId: string
  readonly memberHash: string
  readonly memberContext: string
  readonly site?: string
  readonly companyId?: string
}

/** What the host screen answers to `getMemberAuthentication`, in our client's words. */
export async function claimOf(
  { url }: Pick<ApiWorld['connectWise'], 'url'>,
  identifier: string,
): Promise<Claim> {
  const answer = await fetch(`${url}/host/members/${identifier}/authentication`)
  const said = (await answer.json()) as Record<
    'memberid' | 'memberHash' | 'memberContext' | 'site' | 'companyid',
    string
  >
  const { memberid: memberId, memberHash, memberContext, site, companyid: companyId } = said
  return { memberId, memberHash, memberContext, site, companyId }
}

/** The public id that the addresses of the organisation's pods carry. */
export async function publicIdOf(boss: CallApi): Promise<string> {
  const session = (await (await boss('GET', '/api/session')).json()) as { organisation: { publicId: string } }
  return session.organisation.publicId
}

export interface Asked {
  readonly org: string
  readonly claim: Claim
  readonly record?: { readonly type: 'agreement' | 'company'; readonly id: number }
  readonly headers?: Readonly<Record<string, string>>
}

export const askSession = ({ org, claim, record, headers = {} }: Asked): Promise<Response> =>
  call('POST', '/api/hosted/session', {
    headers,
    body: { org, ...claim, ...(record === undefined ? {} : { record }) },
  })

/** Calls as a pod does whose member was proved. */
export async function podOf(asked: Asked): Promise<CallApi> {
  const answer = await askSession(asked)
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`)
  const { token } = podSessionSchema.parse(await answer.json())
  return (method, path, { headers = {}, body } = {}) =>
    call(method, path, { headers: { authorization: `Bearer ${token}`, ...headers }, body })
}

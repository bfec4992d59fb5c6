import type { Reply } from '#app/contracts/table.ts'
import type { MemberClaim } from '#lib/host-api/messages.ts'
import { answerOf, send } from './api.ts'
import { type Asked, askedOf, type CallApi, type SentTo } from './endpoint.ts'

export type PodSignIn = Reply<'POST /api/hosted/session'>
/** What a screen shows. */
export type PodRecord = NonNullable<SentTo<'POST /api/hosted/session'>['body']['record']>

export interface PodApi {
  /** Proves the member to our server; from then on calls carry the token, which acts on that record alone. */
  signIn(claim: MemberClaim, record: PodRecord | null): Promise<PodSignIn>
  readonly call: CallApi
}

interface PodApiOptions {
  readonly organisation: string
  /** Waits until the proof of the member that is under way has ended, however it does. */
  readonly settled: () => Promise<unknown>
  /** Proves the member again; false where that did not succeed. */
  readonly renew: () => Promise<boolean>
}

/**
 * Calls of a pod to our own API. They carry the token that the proof of the member gave, which stays in this closure: nothing is
 * stored, and a reload proves the member again. Before there is one, only what the page shows is asked for, with the cookie. The
 * header names the organisation and cannot be sent by another site's form (docs/facts/host-api.md, "Sessions in a frame").
 */
export function createPodApi({ organisation, settled, renew }: PodApiOptions): PodApi {
  let token: string | null = null

  const sendOnce = ({ method, address, body }: Asked): Promise<Response> => {
    const headers: Record<string, string> = { 'x-prism-pod': organisation }
    if (token !== null) headers['authorization'] = `Bearer ${token}`
    return send(method, address, { headers, body })
  }

  const ask = async <T>(asked: Asked): Promise<T> => {
    const isPage = asked.method === 'GET' && asked.address.startsWith('/api/hosted/')
    // A token that is there may be another record's, which the screen has left.
    if (!isPage || token !== null) await settled()
    const response = await sendOnce(asked)
    // The session has run out, and nothing was done: what was asked for goes on with the next one.
    return answerOf<T>(response.status === 401 && (await renew()) ? await sendOnce(asked) : response)
  }

  return {
    call: (endpoint, ...sending) => ask(askedOf(endpoint, ...sending)),
    async signIn(claim, record) {
      const body = { org: organisation, ...claim, record }
      const signedIn = await answerOf<PodSignIn>(
        await sendOnce(askedOf('POST /api/hosted/session', { body })),
      )
      token = signedIn.token
      return signedIn
    },
  }
}

import { headers } from 'next/headers'
import { mayDo, type Principal } from '#lib/auth/actions.ts'
import { POD_HEADER, principalOf } from '#lib/auth/authorise.ts'
import { isPublicId } from '#lib/members/public-id.ts'
import { authContext } from './api-route.ts'

/** Who looks at a page; `null` where nobody is signed in. A pod's page names its organisation, as the pod's calls do. */
export async function pagePrincipal(podOrganisation?: string): Promise<Principal | null> {
  // Before anything else: it tells Next that the page depends on who asks, and is not made when the app is built.
  const sent = await headers()
  const asked = new Headers({ cookie: sent.get('cookie') ?? '' })
  if (podOrganisation !== undefined) {
    // Anything else in an address is no value of a header either.
    if (!isPublicId(podOrganisation)) return null
    asked.set(POD_HEADER, podOrganisation)
  }
  const principal = await principalOf(authContext(), { method: 'GET', headers: asked })
  return principal !== null && mayDo(principal.role, 'pods.read') ? principal : null
}

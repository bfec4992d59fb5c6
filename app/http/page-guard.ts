import { notFound, redirect } from 'next/navigation'
import { type Action, mayDo, type Principal } from '#lib/auth/actions.ts'
import { pagePrincipal } from './page-principal.ts'

/** Who looks at a page of the standalone site; sends to the sign-in, or says that there is no such page for this role. */
export async function requirePage(action: Action): Promise<Principal> {
  const principal = await pagePrincipal()
  if (principal === null) redirect('/sign-in')
  if (!mayDo(principal.role, action)) notFound()
  return principal
}

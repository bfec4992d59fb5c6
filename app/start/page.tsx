import { redirect } from 'next/navigation'
import { pagePrincipal } from '#app/http/page-principal.ts'
import { firstPage } from '#app/views/first-run.ts'

/** Where somebody comes who has just signed in and asked for no page. */
export default async function StartPage() {
  const principal = await pagePrincipal()
  redirect(principal === null ? '/sign-in' : await firstPage(principal))
}

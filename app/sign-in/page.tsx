import { redirect } from 'next/navigation'
import { pagePrincipal } from '#app/server/page-principal.ts'
import styles from './sign-in.module.css'
import { SignInForm } from './sign-in-form.tsx'

export const metadata = { title: 'Sign in · Prism Pod' }

/** Only a path of our own: an address could lead away with the person's trust. */
const ownPath = (next: string | undefined): string =>
  next !== undefined && /^\/(?![/\\])/.test(next) ? next : '/'

export default async function SignInPage({ searchParams }: { searchParams: Promise<{ next?: string }> }) {
  const next = ownPath((await searchParams).next)
  if ((await pagePrincipal()) !== null) redirect(next)
  return (
    <main className={styles['page']}>
      <div className={styles['card']}>
        <h1>Prism Pod</h1>
        <p>PRISM’s Microsoft CSP invoices as ConnectWise agreement additions.</p>
        <SignInForm next={next} />
      </div>
    </main>
  )
}

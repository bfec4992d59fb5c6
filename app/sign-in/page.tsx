import { redirect } from 'next/navigation'
import { pagePrincipal } from '#app/server/page-principal.ts'
import { ownPath } from '#app/server/prism-sign-in.ts'
import { server } from '#app/server/process.ts'
import { Note } from '#app/ui/note.tsx'
import { type ErrorCode, errorKinds } from '#lib/base/errors.ts'
import styles from './sign-in.module.css'
import { SignInForm } from './sign-in-form.tsx'

export const metadata = { title: 'Sign in · Prism Pod' }

interface Search {
  readonly next?: string
  /** PRISM sent somebody back whom we did not let in. */
  readonly refused?: string
  readonly waiting?: string
}

export default async function SignInPage({ searchParams }: { searchParams: Promise<Search> }) {
  const { next: asked, refused, waiting } = await searchParams
  const next = ownPath(asked)
  if ((await pagePrincipal()) !== null) redirect(next)
  return (
    <main className={styles['page']}>
      <div className={styles['card']}>
        <h1>Prism Pod</h1>
        <p>PRISM’s Microsoft CSP invoices as ConnectWise agreement additions.</p>
        {refused === undefined ? null : <Refusal code={refused} />}
        {waiting === undefined ? null : (
          <Note tone="warn">
            An owner of your organisation must let you in first. You are on the list; sign in again then.
          </Note>
        )}
        <SignInForm next={next} />
        {server().env.prismSignIn === null ? null : (
          <a className={styles['prism']} href={`/api/session/prism?next=${encodeURIComponent(next)}`}>
            Sign in with PRISM
          </a>
        )}
      </div>
    </main>
  )
}

function Refusal({ code }: { code: string }) {
  const known = code in errorKinds ? (code as ErrorCode) : 'sign-in-refused'
  return (
    <Note tone="bad" remedy={errorKinds[known].remedy}>
      {errorKinds[known].meaning}
    </Note>
  )
}

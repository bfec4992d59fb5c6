import { redirect } from 'next/navigation'
import { signInAddressSchema } from '#app/api/schemas/page-addresses.ts'
import { pagePrincipal } from '#app/http/page-principal.ts'
import { ownPath } from '#app/http/prism-sign-in.ts'
import { type SearchParams, searchOf } from '#app/http/search-params.ts'
import { server } from '#app/process/process.ts'
import { Note } from '#app/ui/kit/note.tsx'
import { hasOrganisations } from '#db/directory/organisations.ts'
import { type ErrorCode, errorKinds } from '#lib/base/errors.ts'
import styles from './sign-in.module.css'
import { SignInForm } from './sign-in-form.tsx'

export const metadata = { title: 'Sign in · Prism Pod' }

export default async function SignInPage({ searchParams }: { searchParams: SearchParams }) {
  const { next: asked, refused, waiting } = (await searchOf(signInAddressSchema, searchParams)).query
  const next = ownPath(asked)
  if ((await pagePrincipal()) !== null) redirect(next)
  return (
    <main className={styles['page']}>
      <div className={styles['card']}>
        <h1>Prism Pod</h1>
        <p>PRISM’s Microsoft CSP invoices as ConnectWise agreement additions.</p>
        {(await hasOrganisations(server().db)) ? null : (
          <Note
            tone="warn"
            remedy={
              server().env.owner === null
                ? 'Whoever runs the server has the link that makes one: the server wrote it where its log goes, and does so again at its next start.'
                : 'Sign in as the owner whom the server’s environment names (OWNER_EMAIL): that makes one.'
            }
          >
            There is no organisation here yet.
          </Note>
        )}
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

function Refusal({ code }: { code: ErrorCode }) {
  return (
    <Note tone="bad" remedy={errorKinds[code].remedy}>
      {errorKinds[code].meaning}
    </Note>
  )
}

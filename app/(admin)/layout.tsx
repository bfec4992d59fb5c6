import { redirect } from 'next/navigation'
import type { ReactNode } from 'react'
import { firstProgram } from '#app/api/schemas/programs.ts'
import { pagePrincipal } from '#app/http/page-principal.ts'
import { server } from '#app/process/process.ts'
import { waitingFor } from '#app/views/inbox.ts'
import { configuredPrograms } from '#db/prism/programs.ts'
import { type Action, mayDo } from '#lib/auth/actions.ts'
import { programs } from '#lib/programs/registry.ts'
import styles from './admin.module.css'
import { Arrivals } from './arrivals.tsx'
import { Nav } from './nav.tsx'
import { Search } from './search.tsx'
import { SignOut } from './sign-out.tsx'

interface Item {
  readonly href: string
  readonly text: string
  readonly action: Action
}

const FIRST: readonly Item[] = [
  { href: '/', text: 'Dashboard', action: 'program.read' },
  { href: '/todo', text: 'To do', action: 'customers.read' },
]
const WORK: readonly Item[] = [
  { href: '/history', text: 'History', action: 'runs.read' },
  { href: '/connections', text: 'Connections', action: 'connections.read' },
  { href: '/programs', text: 'Programs', action: 'program.write' },
  { href: '/preparation', text: 'Preparation', action: 'preflight.read' },
  { href: '/going-live', text: 'Going live', action: 'program.read' },
  { href: '/settings', text: 'Settings', action: 'own-account.write' },
  { href: '/audit', text: 'Audit', action: 'audit.read' },
  { href: '/help', text: 'Troubleshooting', action: 'program.read' },
]

export default async function AdminLayout({ children }: { children: ReactNode }) {
  const principal = await pagePrincipal()
  if (principal === null) redirect('/sign-in')
  const configured = await configuredPrograms(server().db, principal.organisationId)
  // C6: a configured program is a menu item.
  const own: readonly Item[] = programs
    .filter(({ slug }) => configured.includes(slug))
    .map(({ slug, name }) => ({ href: `/programs/${slug}`, text: name, action: 'program.read' }))
  const waiting = await waitingFor(principal, firstProgram)
  const links = [...FIRST, ...own, ...WORK]
    .filter(({ action }) => mayDo(principal.role, action))
    .map(({ href, text }) => ({ href, text, count: href === '/todo' ? waiting : 0 }))
  return (
    <div className={styles['shell']}>
      <nav className={styles['nav']} aria-label="Main">
        <div className={styles['brand']}>Prism Pod</div>
        <Search />
        <Nav links={links} />
        <div className={styles['person']}>
          <span title={principal.actor}>{principal.actor}</span>
          <SignOut />
        </div>
      </nav>
      <main className={styles['main']}>{children}</main>
      {mayDo(principal.role, 'runs.read') ? <Arrivals program={firstProgram} /> : null}
    </div>
  )
}

import { redirect } from 'next/navigation'
import type { ReactNode } from 'react'
import { pagePrincipal } from '#app/server/page-principal.ts'
import { type Action, mayDo } from '#lib/auth/actions.ts'
import styles from './admin.module.css'
import { Nav } from './nav.tsx'
import { SignOut } from './sign-out.tsx'

const LINKS: readonly { href: string; text: string; action: Action }[] = [
  { href: '/', text: 'Dashboard', action: 'program.read' },
  { href: '/programs/microsoft-csp/products', text: 'Products', action: 'products.read' },
  { href: '/connections', text: 'Connections', action: 'connections.read' },
  { href: '/preparation', text: 'Preparation', action: 'preflight.read' },
  { href: '/settings', text: 'Settings', action: 'own-account.write' },
  { href: '/audit', text: 'Audit', action: 'audit.read' },
]

export default async function AdminLayout({ children }: { children: ReactNode }) {
  const principal = await pagePrincipal()
  if (principal === null) redirect('/sign-in')
  return (
    <div className={styles['shell']}>
      <nav className={styles['nav']} aria-label="Main">
        <div className={styles['brand']}>Prism Pod</div>
        <Nav links={LINKS.filter(({ action }) => mayDo(principal.role, action))} />
        <div className={styles['person']}>
          <span title={principal.actor}>{principal.actor}</span>
          <SignOut />
        </div>
      </nav>
      <main className={styles['main']}>{children}</main>
    </div>
  )
}

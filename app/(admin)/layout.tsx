import Link from 'next/link'
import { redirect } from 'next/navigation'
import type { ReactNode } from 'react'
import { pagePrincipal } from '#app/server/page-principal.ts'
import styles from './admin.module.css'
import { SignOut } from './sign-out.tsx'

export default async function AdminLayout({ children }: { children: ReactNode }) {
  const principal = await pagePrincipal()
  if (principal === null) redirect('/sign-in')
  return (
    <div className={styles['shell']}>
      <nav className={styles['nav']} aria-label="Main">
        <div className={styles['brand']}>Prism Pod</div>
        <Link href="/" aria-current="page">
          Dashboard
        </Link>
        <div className={styles['person']}>
          <span title={principal.actor}>{principal.actor}</span>
          <SignOut />
        </div>
      </nav>
      <main className={styles['main']}>{children}</main>
    </div>
  )
}

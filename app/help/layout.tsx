import Link from 'next/link'
import type { ReactNode } from 'react'
import styles from './help.module.css'

/** Pages for whoever reads a message: of a pod, a mail or the site. They tell of no organisation, so that nobody has to sign in. */
export default function HelpLayout({ children }: { children: ReactNode }) {
  return (
    <main className={styles['page']}>
      <nav className={styles['top']} aria-label="Troubleshooting">
        <b>Prism Pod</b>
        <Link href="/help">All messages</Link>
        <Link href="/">Dashboard</Link>
      </nav>
      {children}
    </main>
  )
}

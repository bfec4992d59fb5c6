'use client'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import styles from './tabs.module.css'

interface TabsProps {
  readonly label: string
  /** The first is the page of which the others are parts. */
  readonly tabs: readonly { readonly href: string; readonly text: string }[]
}

/** Parts of one page, each at its own address. */
export function Tabs({ label, tabs }: TabsProps) {
  const path = usePathname()
  const [current] = tabs
    .filter(({ href }, index) => path === href || (index > 0 && path.startsWith(`${href}/`)))
    .reverse()
  return (
    <nav className={styles['tabs']} aria-label={label}>
      {tabs.map(({ href, text }) => (
        <Link key={href} href={href} aria-current={current?.href === href ? 'page' : undefined}>
          {text}
        </Link>
      ))}
    </nav>
  )
}

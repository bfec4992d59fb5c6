'use client'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import styles from './admin.module.css'

interface NavLink {
  readonly href: string
  readonly text: string
  /** How many wait there; 0: nothing is said. */
  readonly count: number
}

/** The page one is on is marked, or the one of which it is a part: the longest address that it begins with. */
export function Nav({ links }: { links: readonly NavLink[] }) {
  const path = usePathname()
  const [current] = links
    .filter(({ href }) => path === href || (href !== '/' && path.startsWith(`${href}/`)))
    .sort((a, b) => b.href.length - a.href.length)
  return links.map(({ href, text, count }) => (
    <Link key={href} href={href} aria-current={href === current?.href ? 'page' : undefined}>
      {text}
      {count === 0 ? null : (
        <>
          {' '}
          <b>
            {count.toLocaleString('en-GB')}
            <span className={styles['unseen']}> wait</span>
          </b>
        </>
      )}
    </Link>
  ))
}

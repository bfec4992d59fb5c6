'use client'
import Link from 'next/link'
import { usePathname } from 'next/navigation'

/** The page one is on is marked, or the one of which it is a part: the longest address that it begins with. */
export function Nav({ links }: { links: readonly { readonly href: string; readonly text: string }[] }) {
  const path = usePathname()
  const [current] = links
    .filter(({ href }) => path === href || (href !== '/' && path.startsWith(`${href}/`)))
    .sort((a, b) => b.href.length - a.href.length)
  return links.map(({ href, text }) => (
    <Link key={href} href={href} aria-current={href === current?.href ? 'page' : undefined}>
      {text}
    </Link>
  ))
}

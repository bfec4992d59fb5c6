'use client'
import Link from 'next/link'
import { usePathname } from 'next/navigation'

export function Nav({ links }: { links: readonly { readonly href: string; readonly text: string }[] }) {
  const path = usePathname()
  return links.map(({ href, text }) => (
    <Link key={href} href={href} aria-current={path === href ? 'page' : undefined}>
      {text}
    </Link>
  ))
}

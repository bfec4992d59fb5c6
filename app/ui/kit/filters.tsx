/** What stands above and below a long list: filters with counts, search, pages. The address holds all of it. */
import Link from 'next/link'
import type { ReactNode } from 'react'
import styles from './filters.module.css'
import { SearchBox } from './search-box.tsx'

export interface Filter {
  /** `''`: everything. */
  readonly value: string
  readonly text: string
  readonly count: number
  /** Shown also where nothing fits it. */
  readonly isAlways?: boolean
}

interface FiltersProps {
  readonly label: string
  readonly filters: readonly Filter[]
  readonly current: string
  readonly address: (value: string) => string
}

/** Filters that nothing fits are left out, but for the chosen one and those that are always shown. */
export function Filters({ label, filters, current, address }: FiltersProps) {
  const shown = filters.filter(
    ({ value, count, isAlways }) => isAlways === true || count > 0 || value === current || value === '',
  )
  return (
    <nav className={styles['filters']} aria-label={label}>
      {shown.map(({ value, text, count }) => (
        <Link
          key={value}
          prefetch={false}
          href={address(value)}
          aria-current={value === current ? 'true' : undefined}
        >
          {text} <b>{count.toLocaleString('en-GB')}</b>
        </Link>
      ))}
    </nav>
  )
}

interface SearchProps {
  readonly label: string
  readonly value: string
  readonly children?: ReactNode
}

export function Search({ label, value, children }: SearchProps) {
  return (
    <div className={styles['search']}>
      <SearchBox label={label} value={value} />
      {children}
    </div>
  )
}

/** Beside the search: when it was read, and the like. */
export function SearchNote({ children }: { children: ReactNode }) {
  return <span className={styles['note']}>{children}</span>
}

interface PagesProps {
  readonly page: number
  readonly pageSize: number
  readonly total: number
  readonly address: (page: number) => string
}

export function Pages({ page, pageSize, total, address }: PagesProps) {
  const pages = Math.max(1, Math.ceil(total / pageSize))
  if (page > pages) return <PastTheEnd page={page} last={pages} address={address} />
  if (pages === 1) return null
  return (
    <nav className={styles['pages']} aria-label="Pages">
      {page > 1 ? (
        <Link href={address(page - 1)} prefetch={false}>
          Previous
        </Link>
      ) : null}
      <span>
        Page {page} of {pages}
      </span>
      {page < pages ? (
        <Link href={address(page + 1)} prefetch={false}>
          Next
        </Link>
      ) : null}
    </nav>
  )
}

/** An old link, or what was found has become less: the way back to it. */
function PastTheEnd({ page, last, address }: { last: number } & Pick<PagesProps, 'page' | 'address'>) {
  return (
    <nav className={styles['pages']} aria-label="Pages">
      <span>There is no page {page.toLocaleString('en-GB')} of this.</span>
      <Link href={address(last)} prefetch={false}>
        {last === 1 ? 'Back to the list' : `Back to page ${last}`}
      </Link>
    </nav>
  )
}

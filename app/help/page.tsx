import Link from 'next/link'
import { redirect } from 'next/navigation'
import { helpAddressSchema } from '#app/api/schemas/page-addresses.ts'
import { type SearchParams, searchOf } from '#app/http/search-params.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { helpPath } from '#app/ui/kit/help-path.ts'
import { Note } from '#app/ui/kit/note.tsx'
import table from '#app/ui/kit/table.module.css'
import { type HelpPage, helpOfMessage, searchHelp } from '#lib/help/help-pages.ts'
import styles from './help.module.css'
import { SEVERITIES } from './severities.ts'

export const metadata = { title: 'Troubleshooting · Prism Pod' }

const PARTS: readonly (readonly [HelpPage['about'], string])[] = [
  ['subscription', 'Beside a subscription or an addition'],
  ['product-or-sync', 'Beside a product or a sync'],
  ['site', 'On a page'],
]

/** Every message that there is, to be searched (G3); with `about`, the page of a message as it is read. */
export default async function HelpListPage({ searchParams }: { searchParams: SearchParams }) {
  const { search, about } = (await searchOf(helpAddressSchema, searchParams)).query
  const wanted = about === undefined ? null : helpOfMessage(about)
  if (wanted !== null) redirect(helpPath(wanted.code))
  const found = searchHelp(search)
  return (
    <>
      <h1>Troubleshooting</h1>
      <p className={styles['lead']}>
        Every message of Prism Pod: what it means, what was done, and what to do.
      </p>
      <form className={styles['search']} role="search">
        <input
          type="search"
          name="search"
          defaultValue={search}
          aria-label="Search messages"
          placeholder="Search messages"
        />
        <Button type="submit">Search</Button>
      </form>
      {about === undefined ? null : (
        <Note tone="warn">
          No page is about “{about}”. It may be a message of ConnectWise’s own: search for a word of it.
        </Note>
      )}
      {found.length === 0 ? <p role="status">No message has all of these words.</p> : null}
      {PARTS.map(([part, title]) => (
        <Part key={part} title={title} pages={found.filter((page) => page.about === part)} />
      ))}
    </>
  )
}

function Part({ title, pages }: { title: string; pages: readonly HelpPage[] }) {
  if (pages.length === 0) return null
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      <ul className={[table['panel'], styles['list']].join(' ')}>
        {pages.map((page) => (
          <li key={page.code}>
            <Link href={helpPath(page.code)}>{page.title}</Link>
            <span>{SEVERITIES[page.severity]}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

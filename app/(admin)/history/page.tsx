import Link from 'next/link'
import { historyAddressSchema } from '#app/api/schemas/page-addresses.ts'
import { requirePage } from '#app/http/page-guard.ts'
import { type SearchParams, searchOf } from '#app/http/search-params.ts'
import { server } from '#app/process/process.ts'
import { Downloads } from '#app/ui/kit/downloads.tsx'
import { Filters, Search, SearchNote } from '#app/ui/kit/filters.tsx'
import { LocalTime } from '#app/ui/kit/local-time.tsx'
import table from '#app/ui/kit/table.module.css'
import { RunTable } from '#app/ui/run/run-table.tsx'
import { KINDS } from '#app/ui/run/run-words.ts'
import { foundRuns } from '#app/views/found-runs.ts'
import { listedRuns } from '#app/views/runs.ts'
import { programSettings } from '#db/prism/programs.ts'
import { runCounts } from '#db/runs/run-summaries.ts'
import { programBySlug, programs } from '#lib/programs/registry.ts'
import { FoundRuns } from './found-runs.tsx'
import styles from './history.module.css'

export const metadata = { title: 'History · Prism Pod' }

const PAGE_SIZE = 50

/** Every sync there was, the newest first (G2). */
export default async function HistoryPage({ searchParams }: { searchParams: SearchParams }) {
  const { organisationId } = await requirePage('runs.read')
  const { program: slug, kind, search, page } = (await searchOf(historyAddressSchema, searchParams)).query
  const program = programBySlug(slug) ?? programs[0]
  const { db } = server()
  const [runs, counts, settings] = await Promise.all([
    listedRuns(organisationId, program.slug, {
      ...(kind === '' ? {} : { kind }),
      limit: PAGE_SIZE + 1,
      offset: (page - 1) * PAGE_SIZE,
    }),
    runCounts(db, organisationId, program.slug),
    programSettings(db, organisationId, program.slug),
  ])
  const address = (more: Record<string, string>) =>
    `/history?${new URLSearchParams({ program: program.slug, kind, search, ...more })}`
  const found =
    search.trim() === '' ? null : await foundRuns(organisationId, { program: program.slug, search, page })
  const csv =
    found === null
      ? `/api/runs/csv?${new URLSearchParams({ program: program.slug, ...(kind === '' ? {} : { kind }) })}`
      : `/api/runs/found/csv?${new URLSearchParams({ program: program.slug, search })}`
  const checkedAt = settings?.lastCheckedAt ?? null
  return (
    <>
      <h1>History</h1>
      {programs.length === 1 ? null : (
        <nav aria-label="Programs" className={styles['programs']}>
          {programs.map(({ slug: each, name }) => (
            <Link
              key={each}
              href={`/history?program=${each}`}
              aria-current={each === program.slug ? 'true' : undefined}
            >
              {name}
            </Link>
          ))}
        </nav>
      )}
      {checkedAt === null ? null : (
        <p className={styles['note']}>
          PRISM was last looked at for new invoices <LocalTime at={checkedAt.toISOString()} />
        </p>
      )}
      <Search label="Search syncs: customer, subscription id, SKU or message" value={search}>
        <SearchNote>
          <Downloads path={csv} />
        </SearchNote>
      </Search>
      {found === null ? null : <FoundRuns found={found} search={search} address={address} />}
      {found !== null ? null : (
        <Filters
          label="Kinds"
          current={kind}
          address={(value) => address({ kind: value })}
          filters={[
            { value: '', text: 'All', count: counts.customers + counts.products },
            { value: 'customers', text: KINDS.customers, count: counts.customers },
            { value: 'products', text: KINDS.products, count: counts.products },
          ]}
        />
      )}
      {found !== null ? null : runs.length === 0 ? (
        <p className={styles['note']}>
          {page > 1 ? (
            'There is nothing as old as that.'
          ) : (
            <>
              Nothing has been synced yet. <Link href="/">See the first steps</Link>
            </>
          )}
        </p>
      ) : (
        <div className={table['panel']}>
          <RunTable runs={runs.slice(0, PAGE_SIZE)} />
        </div>
      )}
      {found !== null ? null : (
        <p className={styles['pages']}>
          {page > 1 ? (
            <Link href={address({ page: String(runs.length === 0 ? 1 : page - 1) })}>
              {runs.length === 0 ? 'Newest' : 'Newer'}
            </Link>
          ) : null}
          {runs.length > PAGE_SIZE ? <Link href={address({ page: String(page + 1) })}>Older</Link> : null}
        </p>
      )}
    </>
  )
}

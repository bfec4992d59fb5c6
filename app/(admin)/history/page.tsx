import Link from 'next/link'
import { z } from 'zod'
import { requirePage } from '#app/server/page-guard.ts'
import { server } from '#app/server/process.ts'
import { listedRuns } from '#app/server/shown-run.ts'
import { Filters } from '#app/ui/filters.tsx'
import { LocalTime } from '#app/ui/local-time.tsx'
import { KINDS, RunTable } from '#app/ui/run-table.tsx'
import table from '#app/ui/table.module.css'
import { programSettings } from '#db/queries/programs.ts'
import { runCounts } from '#db/queries/run-summaries.ts'
import { programBySlug, programs } from '#lib/programs/registry.ts'
import styles from './history.module.css'

export const metadata = { title: 'History · Prism Pod' }

const PAGE_SIZE = 50

const querySchema = z.object({
  program: z.string().default(''),
  kind: z.enum(['', 'customers', 'products']).default(''),
  page: z.coerce.number().int().min(1).max(100_000).default(1),
})

type SearchParams = Record<string, string | string[] | undefined>

/** Every sync there was, the newest first (G2). */
export default async function HistoryPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { organisationId } = await requirePage('runs.read')
  const asked = querySchema.safeParse(await searchParams)
  const { program: slug, kind, page } = asked.success ? asked.data : querySchema.parse({})
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
    `/history?${new URLSearchParams({ program: program.slug, kind, ...more })}`
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
      {runs.length === 0 ? (
        <p className={styles['note']}>Nothing has been synced yet.</p>
      ) : (
        <div className={table['panel']}>
          <RunTable runs={runs.slice(0, PAGE_SIZE)} />
        </div>
      )}
      <p className={styles['pages']}>
        {page > 1 ? <Link href={address({ page: String(page - 1) })}>Newer</Link> : null}
        {runs.length > PAGE_SIZE ? <Link href={address({ page: String(page + 1) })}>Older</Link> : null}
      </p>
    </>
  )
}

import Link from 'next/link'
import { auditQuerySchema } from '#app/api/schemas/audit.ts'
import { auditPage } from '#app/server/audit.ts'
import { requirePage } from '#app/server/page-guard.ts'
import { server } from '#app/server/process.ts'
import { type SearchParams, searchOf } from '#app/server/search-params.ts'
import { LocalTime } from '#app/ui/local-time.tsx'
import { Note } from '#app/ui/note.tsx'
import table from '#app/ui/table.module.css'
import { auditActionsOf } from '#db/queries/audit.ts'
import styles from './audit.module.css'
import { changesOf } from './changes-of.ts'
import { Filter } from './filter.tsx'

export const metadata = { title: 'Audit · Prism Pod' }

export default async function AuditPage({ searchParams }: { searchParams: SearchParams }) {
  const { organisationId } = await requirePage('audit.read')
  const { query, ignored } = await searchOf(auditQuerySchema, searchParams)
  const [{ events, next }, actions] = await Promise.all([
    auditPage(organisationId, query),
    auditActionsOf(server().db, organisationId),
  ])
  const { before: _, ...filter } = query
  const parameters = new URLSearchParams(filter)
  return (
    <>
      <h1>Audit</h1>
      <Filter query={query} actions={actions} csv={`/api/audit/csv?${parameters}`} />
      {ignored.length === 0 ? null : (
        <Note tone="warn">A part of the filter is not right and was left out.</Note>
      )}
      {events.length === 0 ? (
        <p className={styles['none']}>Nothing fits this filter.</p>
      ) : (
        <div className={table['panel']}>
          <table className={[table['table'], styles['events']].join(' ')}>
            <thead>
              <tr>
                <th scope="col">When</th>
                <th scope="col">Who</th>
                <th scope="col">What</th>
                <th scope="col">Change</th>
              </tr>
            </thead>
            <tbody>
              {events.map((event) => (
                <tr key={event.id}>
                  <td className={styles['when']}>
                    <LocalTime at={event.at} />
                  </td>
                  <td>{event.actor}</td>
                  <td>
                    {actionText(event.action)} <span className={styles['subject']}>{event.subject}</span>
                  </td>
                  <td>
                    {changesOf(event.detail).map(({ name, before, after }) => (
                      <div key={name}>
                        {name}: {before === null ? '' : <s>{before}</s>} {after}
                      </div>
                    ))}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {next === null ? null : (
        <p className={styles['more']}>
          <Link href={`/audit?${new URLSearchParams({ ...filter, before: String(next) })}`}>Older</Link>
        </p>
      )}
    </>
  )
}

/** `map-customer` as `Map customer`. */
const actionText = (action: string): string => {
  const words = action.replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

import Link from 'next/link'
import { auditQuerySchema, type ShownAudit } from '#app/api/schemas/audit.ts'
import { requirePage } from '#app/http/page-guard.ts'
import { type SearchParams, searchOf } from '#app/http/search-params.ts'
import { server } from '#app/process/process.ts'
import { LocalTime } from '#app/ui/kit/local-time.tsx'
import { Note } from '#app/ui/kit/note.tsx'
import table from '#app/ui/kit/table.module.css'
import { TableHead } from '#app/ui/kit/table-head.tsx'
import { auditPage, type Subject as Named, subjectsOf } from '#app/views/audit.ts'
import { auditActionsOf } from '#db/people/audit.ts'
import { keptBy, timeOf } from '#lib/keeping/times.ts'
import styles from './audit.module.css'
import { changesOf } from './changes-of.ts'
import { Filter } from './filter.tsx'
import { actionText, subjectText } from './words.ts'

export const metadata = { title: 'Audit · Prism Pod' }

export default async function AuditPage({ searchParams }: { searchParams: SearchParams }) {
  const { organisationId } = await requirePage('audit.read')
  const { query, ignored } = await searchOf(auditQuerySchema, searchParams)
  const [{ events, next }, actions] = await Promise.all([
    auditPage(organisationId, query),
    auditActionsOf(server().db, organisationId),
  ])
  const subjects = await subjectsOf(organisationId, events)
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
            <TableHead columns={['When', 'Who', 'What', 'Change']} />
            <tbody>
              {events.map((event) => (
                <tr key={event.id}>
                  <td
                    className={styles['when']}
                    title={event.requestId === null ? undefined : `Request ${event.requestId}`}
                  >
                    <LocalTime at={event.at} />
                  </td>
                  <td>{event.actor}</td>
                  <td>
                    {actionText(event.action)}{' '}
                    <span className={styles['subject']} title={event.subject}>
                      <Subject of={subjects.get(event.subject)} event={event} />
                    </span>
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
      <p className={styles['none']}>
        Sign-ins are kept for {timeOf(keptBy('sign-ins'))}, all else for as long as the organisation is here.
      </p>
    </>
  )
}

/** What it is about by its name, with a link to it; else as it was noted. */
function Subject({ of, event }: { of: Named | undefined; event: ShownAudit['events'][number] }) {
  if (of === undefined) return subjectText(event.action, event.subject)
  return (
    <Link href={of.path} prefetch={false}>
      {of.name}
    </Link>
  )
}

import Link from 'next/link'
import { auditQuerySchema, type ShownAudit } from '#app/api/schemas/audit.ts'
import { requirePage } from '#app/http/page-guard.ts'
import { type SearchParams, searchOf } from '#app/http/search-params.ts'
import { server } from '#app/process/process.ts'
import { LocalTime } from '#app/ui/kit/local-time.tsx'
import { Note } from '#app/ui/kit/note.tsx'
import table from '#app/ui/kit/table.module.css'
import { auditPage } from '#app/views/audit.ts'
import { auditActionsOf } from '#db/people/audit.ts'
import { tenantsByIds } from '#db/prism/tenants.ts'
import { programs } from '#lib/programs/registry.ts'
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
  const names = await namesOf(organisationId, events)
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
                      {names.get(event.subject) ?? subjectText(event.action, event.subject)}
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
    </>
  )
}

/** The names of the customers and programs that events are about, by their ids. */
async function namesOf(organisationId: string, events: ShownAudit['events']): Promise<Map<string, string>> {
  const ids = [...new Set(events.map(({ subject }) => subject))]
  const tenants = await Promise.all(
    programs.map(({ slug }) => tenantsByIds(server().db, organisationId, slug, ids)),
  )
  return new Map([
    ...programs.map(({ slug, name }) => [slug, name] as const),
    ...tenants.flat().map(({ id, name }) => [id, name] as const),
  ])
}

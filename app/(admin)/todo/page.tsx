import { todoAddressSchema } from '#app/api/schemas/inbox.ts'
import { firstProgram } from '#app/api/schemas/programs.ts'
import { requirePage } from '#app/http/page-guard.ts'
import { type SearchParams, searchOf } from '#app/http/search-params.ts'
import { MutedList } from '#app/ui/inbox/muted-list.tsx'
import { Downloads } from '#app/ui/kit/downloads.tsx'
import { Pages } from '#app/ui/kit/filters.tsx'
import { shownInbox } from '#app/views/inbox.ts'
import { shownMutes } from '#app/views/mutes.ts'
import { mayDo } from '#lib/auth/actions.ts'
import { TodoList } from '../todo-list.tsx'
import styles from './todo.module.css'

export const metadata = { title: 'To do · Prism Pod' }

/** Everything that waits for a person, the most pressing first, each with its answers (J1). */
export default async function TodoPage({ searchParams }: { searchParams: SearchParams }) {
  const principal = await requirePage('customers.read')
  const { kind, page } = (await searchOf(todoAddressSchema, searchParams)).query
  const asked = { program: firstProgram, page, ...(kind === '' ? {} : { kind }) }
  const [inbox, muted] = await Promise.all([
    shownInbox(principal, asked),
    shownMutes(principal.organisationId, firstProgram),
  ])
  return (
    <>
      <div className={styles['head']}>
        <h1>To do</h1>
        <span>{inbox.waiting === 0 ? 'Nothing waits' : `${inbox.waiting.toLocaleString('en-GB')} wait`}</span>
        {inbox.total === 0 ? null : (
          <Downloads path={`/api/inbox/csv?${new URLSearchParams(kind === '' ? {} : { kind })}`} />
        )}
      </div>
      <TodoList
        level={2}
        key={`${kind}/${page}`}
        program={firstProgram}
        initial={inbox}
        kind={kind}
        page={page}
      />
      <Pages
        page={page}
        pageSize={inbox.pageSize}
        total={inbox.total}
        address={(to) =>
          `/todo?${new URLSearchParams({ ...(kind === '' ? {} : { kind }), page: String(to) })}`
        }
      />
      <MutedList program={firstProgram} initial={muted} mayUnmute={mayDo(principal.role, 'customers.mute')} />
    </>
  )
}

'use client'
import type { Inbox, ShownItem } from '#app/api/schemas/inbox.ts'
import { callApi } from '#app/hooks/api.ts'
import { rowAmong } from '#app/ui/inbox/acting.ts'
import { InboxList } from '#app/ui/inbox/inbox-list.tsx'
import type { AskedRow } from '#app/ui/plan/asked-row.ts'

interface TodoListProps {
  readonly program: string
  readonly initial: Inbox
  readonly kind?: string
  readonly page?: number
  readonly shown?: number
  readonly level: 2 | 4
}

/** The inbox on the pages of the site. */
export function TodoList({ program, initial, kind, page, shown, level }: TodoListProps) {
  return (
    <InboxList
      initial={initial}
      query={{ program, ...(kind ? { kind } : {}), ...(page === undefined ? {} : { page }) }}
      {...(shown === undefined ? {} : { shown })}
      call={callApi}
      rowOf={rowOf}
      placeOf={placeOf}
      level={level}
      runPath={(runId) => `/runs/${runId}`}
    />
  )
}

const placeOf = ({ program, of: { tenant } }: ShownItem): string | null =>
  tenant === null ? null : `/programs/${program}/customers/${encodeURIComponent(tenant.id)}`

async function rowOf(item: ShownItem): Promise<AskedRow | null> {
  const { of, asked } = item
  if (asked === null || of.agreement === null) return null
  const { periods } = await callApi('GET /api/runs/{id}/agreements/{agreementId}', {
    path: { id: asked.runId, agreementId: of.agreement.id },
  })
  return rowAmong(periods, item)
}

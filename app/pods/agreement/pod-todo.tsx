'use client'
import type { Inbox } from '#app/api/schemas/inbox.ts'
import type { PodContent } from '#app/api/schemas/pod.ts'
import type { Pod } from '#app/hooks/use-pod.ts'
import { rowAmong } from '#app/ui/inbox/acting.ts'
import { InboxList } from '#app/ui/inbox/inbox-list.tsx'
import { useAnswering } from '#app/ui/plan/answering.tsx'

interface PodTodoProps {
  readonly content: PodContent
  readonly todo: Inbox | null
  readonly pod: Pod
  readonly refresh: () => Promise<unknown>
  /** Below the page's own headings. */
  readonly isOnSite?: boolean
}

/** What of the agreement waits for a person: the same list as on the site, answered here (J1). */
export function PodTodo({ content, todo, pod, refresh, isOnSite = false }: PodTodoProps) {
  const { program, agreement } = content
  const periods = content.state === 'mapped' ? (content.result?.periods ?? []) : []
  const answering = useAnswering()
  return (
    <section aria-label="To do">
      <InboxList
        initial={todo}
        query={{ program: program.slug, agreementId: agreement.id }}
        call={pod.api.call}
        rowOf={async (item) => rowAmong(periods, item)}
        placeOf={null}
        runPath={null}
        level={isOnSite ? 4 : 2}
        // What cannot be read again now is read by the next look.
        onAnswered={() => void Promise.allSettled([refresh(), answering?.refresh()])}
        ifEmpty={<></>}
      />
    </section>
  )
}

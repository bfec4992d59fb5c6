'use client'
import type { Inbox, ShownItem } from '#app/api/schemas/inbox.ts'
import type { MappedContent } from '#app/api/schemas/pod.ts'
import type { Pod } from '#app/hooks/use-pod.ts'
import { InboxList } from '#app/ui/inbox/inbox-list.tsx'
import { useAnswering } from '#app/ui/plan/answering.tsx'
import { type AskedRow, askedRow } from '#app/ui/plan/asked-row.ts'
import { subscriptionKey } from '#lib/billing/keys.ts'

interface PodTodoProps {
  readonly content: MappedContent
  readonly todo: Inbox | null
  readonly pod: Pod
  readonly refresh: () => Promise<unknown>
}

/** What of the agreement waits for a person: the same list as on the site, answered here (J1). */
export function PodTodo({ content, todo, pod, refresh }: PodTodoProps) {
  const { program, agreement, result } = content
  const answering = useAnswering()
  const rowOf = async ({ of, months }: ShownItem): Promise<AskedRow | null> => {
    const plan = result?.periods.find(({ period }) => period === months?.from)
    const row = plan?.subscriptions.find(
      (each) => subscriptionKey(each.subscriptionId) === of.subscription?.id && each.waits !== undefined,
    )
    return plan === undefined || row === undefined ? null : askedRow(plan.period, row)
  }
  return (
    <section aria-label="To do">
      <InboxList
        initial={todo}
        query={{ program: program.slug, agreementId: agreement.id }}
        call={pod.api.call}
        rowOf={rowOf}
        placeOf={null}
        runPath={null}
        level={2}
        onAnswered={() => void Promise.all([refresh(), answering?.refresh()])}
        ifEmpty={<></>}
      />
    </section>
  )
}

'use client'
import { useSWRConfig } from 'swr'
import type { Mutes, ShownMute } from '#app/api/schemas/mutes.ts'
import { callApi } from '#app/hooks/api.ts'
import { useApi } from '#app/hooks/use-api.ts'
import { useAttempt } from '#app/hooks/use-attempt.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import { mutedText } from '#app/ui/plan/muted-text.ts'
import { isOfInbox } from './inbox-list.tsx'
import styles from './muted-list.module.css'
import { moneySaid } from './words.ts'

interface MutedListProps {
  readonly program: string
  readonly initial: Mutes
  readonly mayUnmute: boolean
}

/** What people muted, folded up: nothing of it waits. */
export function MutedList({ program, initial, mayUnmute }: MutedListProps) {
  const { data = initial } = useApi(
    'GET /api/programs/{program}/mutes',
    { path: { program } },
    { fallbackData: initial, revalidateOnMount: false },
  )
  if (data.mutes.length === 0) return null
  return (
    <details className={styles['muted']}>
      <summary>Muted ({data.mutes.length.toLocaleString('en-GB')})</summary>
      <ul>
        {data.mutes.map((mute) => (
          <Muted key={mute.id} mute={mute} program={program} currency={data.currency} mayUnmute={mayUnmute} />
        ))}
      </ul>
    </details>
  )
}

interface MutedProps extends Pick<MutedListProps, 'program' | 'mayUnmute'> {
  readonly mute: ShownMute
  readonly currency: string
}

function Muted({ mute, program, currency, mayUnmute }: MutedProps) {
  const { busy, problem, run } = useAttempt()
  const { mutate } = useSWRConfig()
  const { id, tenant, says, money } = mute
  const unmute = () =>
    run(async () => {
      await callApi('DELETE /api/programs/{program}/customers/{tenantId}/mutes/{id}', {
        path: { program, tenantId: tenant.id, id },
      })
      await mutate(isOfInbox)
    })
  return (
    <li>
      <div>
        <b>{tenant.name}</b>: {says}, {moneySaid(money, currency)}
        <small>{mutedText(mute)}</small>
      </div>
      {mayUnmute ? (
        <Button disabled={busy} aria-label={`Unmute: ${tenant.name}, ${says}`} onClick={() => void unmute()}>
          Unmute
        </Button>
      ) : null}
      <ProblemNote problem={problem} />
    </li>
  )
}

import type { ShownNotifications } from '#app/api/schemas/notifications.ts'
import { LocalTime } from '#app/ui/kit/local-time.tsx'

type Last = ShownNotifications['mail']['addresses'][number]['last']

/** What came of the last digest. */
export function LastMessage({ last }: { last: Last }) {
  if (last === null) return <>nothing was told in the last year</>
  const { state, createdAt, attempts, lastError, dueAt } = last
  return (
    <>
      {words[state]} <LocalTime at={createdAt} />
      {lastError === null ? null : ` after ${attempts} ${attempts === 1 ? 'try' : 'tries'}: ${lastError}`}
      {dueAt === null || lastError === null ? null : (
        <>
          {' '}
          Next try <LocalTime at={dueAt} />
        </>
      )}
    </>
  )
}

const words: Readonly<Record<NonNullable<Last>['state'], string>> = {
  queued: 'waits since',
  sending: 'is being sent since',
  sent: 'told',
  failed: 'given up: the one of',
  dropped: 'dropped: the one of',
}

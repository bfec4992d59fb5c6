'use client'
import type { ShownNotifications } from '#app/api/schemas/notifications.ts'
import { callApi } from '#app/hooks/api.ts'
import { useAction } from '#app/hooks/use-action.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { LocalTime } from '#app/ui/kit/local-time.tsx'
import { Note } from '#app/ui/kit/note.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import table from '#app/ui/kit/table.module.css'
import { LastMessage } from './last-message.tsx'
import styles from './program.module.css'
import { WebhookForm } from './webhook-form.tsx'

interface NotificationsProps {
  readonly program: string
  readonly notifications: ShownNotifications
  readonly mayWrite: boolean
}

/** Who is told, what came of the last digest to each, and the webhook (C5, G4, J4). */
export function Notifications({ program, notifications, mayWrite }: NotificationsProps) {
  const { mail, webhook } = notifications
  return (
    <section className={table['panel']} aria-label="Notifications">
      <div className={styles['group']}>
        <div>
          <h3>Mail</h3>
          <p>What came of the last one to each address.</p>
        </div>
        <div className={styles['fields']}>
          {mail.isSetUp ? null : (
            <Note
              tone="warn"
              remedy="Whoever runs this deployment sets SMTP_URL and MAIL_FROM. What is to be told until then waits for up to 40 hours."
            >
              Mail is not set up: nothing reaches these addresses.
            </Note>
          )}
          {mail.addresses.length === 0 ? <p>No address is told. Enter some above.</p> : null}
          <ul className={styles['told']} aria-label="Addresses">
            {mail.addresses.map((each) => (
              <Address key={each.address} program={program} {...each} mayWrite={mayWrite} />
            ))}
          </ul>
        </div>
      </div>
      <WebhookForm program={program} webhook={webhook} mayWrite={mayWrite} />
    </section>
  )
}

type Told = ShownNotifications['mail']['addresses'][number]

function Address({
  program,
  address,
  unsubscribedAt,
  last,
  mayWrite,
}: Told & Pick<NotificationsProps, 'program' | 'mayWrite'>) {
  const { busy, problem, run } = useAction()
  const subscribe = () =>
    run(() =>
      callApi('POST /api/programs/{program}/notifications/subscriptions', {
        path: { program },
        body: { address },
      }),
    )
  return (
    <li>
      <b>{address}</b>{' '}
      {unsubscribedAt === null ? (
        <LastMessage last={last} />
      ) : (
        <>
          unsubscribed <LocalTime at={unsubscribedAt} />{' '}
          {mayWrite ? (
            <Button disabled={busy} onClick={() => void subscribe()}>
              Subscribe again
            </Button>
          ) : null}
        </>
      )}
      <ProblemNote problem={problem} />
    </li>
  )
}

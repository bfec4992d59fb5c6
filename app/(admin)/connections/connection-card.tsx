'use client'
import { type ReactNode, useState } from 'react'
import type { ShownConnection } from '#app/api/schemas/connections.ts'
import { callApi } from '#app/hooks/api.ts'
import { useAction } from '#app/hooks/use-action.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { Dialog, DialogActions } from '#app/ui/kit/dialog.tsx'
import { LocalTime } from '#app/ui/kit/local-time.tsx'
import { Mark } from '#app/ui/kit/mark.tsx'
import { Note } from '#app/ui/kit/note.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import styles from './connections.module.css'

const STATES = {
  connected: { tone: 'good', text: 'Connected' },
  failing: { tone: 'bad', text: 'Failing' },
  never: { tone: 'quiet', text: 'Not connected' },
} as const

const ACTS = '“Test again” tries it now; “Edit” takes other credentials.'
const ASKS = 'Where it goes on, ask an owner to look at the credentials.'

interface ConnectionCardProps {
  readonly name: string
  readonly what: string
  readonly connection: ShownConnection
  /** Label and value of what is kept of it. */
  readonly facts: readonly (readonly [string, string | null | undefined])[]
  readonly mayWrite: boolean
  /** What stops when it is disconnected. */
  readonly stops: string
  /** Buttons that connect it. */
  readonly connect: ReactNode
  readonly onEdit: () => void
  readonly children?: ReactNode
}

/** One of the two connections: its state, since when, the last check, the error in words (B4). */
export function ConnectionCard(props: ConnectionCardProps) {
  const { name, connection, facts, mayWrite } = props
  const { tone, text } = STATES[connection.state]
  return (
    <section className={styles['card']} aria-label={name}>
      <div className={styles['head']}>
        <h2>{name}</h2>
        <Mark tone={tone}>{text}</Mark>
      </div>
      <p className={styles['what']}>{props.what}</p>
      {connection.error === null ? null : (
        <Note tone="bad" remedy={`Each look and sync tries it again. ${mayWrite ? ACTS : ASKS}`}>
          {connection.error}
        </Note>
      )}
      {connection.connectedAt === null ? null : (
        <dl className={styles['facts']}>
          <Moment label="Failing since" at={connection.failingSince} />
          {facts.map(([label, value]) => (
            <Fact key={label} label={label} value={value} />
          ))}
          <Moment label="Connected since" at={connection.connectedAt} />
          <Moment label="Last check" at={connection.lastCheckedAt} />
        </dl>
      )}
      {mayWrite ? <Actions {...props} /> : null}
      {props.children}
    </section>
  )
}

function Fact({ label, value }: { label: string; value: string | null | undefined }) {
  if (!value) return null
  return (
    <>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </>
  )
}

function Moment({ label, at }: { label: string; at: string | null }) {
  if (at === null) return null
  return (
    <>
      <dt>{label}</dt>
      <dd>
        <LocalTime at={at} />
      </dd>
    </>
  )
}

function Actions({ connection, name, stops, connect, onEdit }: ConnectionCardProps) {
  const [isAsking, setAsking] = useState(false)
  const testing = useAction()
  const { kind } = connection
  if (connection.state === 'never') return <div className={styles['actions']}>{connect}</div>
  return (
    <>
      <div className={styles['actions']}>
        <Button onClick={onEdit}>Edit</Button>
        <Button
          disabled={testing.busy}
          onClick={() =>
            void testing.run(() => callApi('POST /api/connections/{kind}/test', { path: { kind } }))
          }
        >
          {testing.busy ? 'Testing…' : 'Test again'}
        </Button>
        <Button tone="plain" onClick={() => setAsking(true)}>
          Disconnect
        </Button>
      </div>
      <ProblemNote problem={testing.problem} />
      {isAsking ? (
        <Disconnect name={name} kind={kind} stops={stops} onClose={() => setAsking(false)} />
      ) : null}
    </>
  )
}

function Disconnect({
  name,
  kind,
  stops,
  onClose,
}: {
  name: string
  kind: ShownConnection['kind']
  stops: string
  onClose: () => void
}) {
  const { busy, problem, run } = useAction()
  const disconnect = async () => {
    if (await run(() => callApi(`DELETE /api/connections/${kind}`))) onClose()
  }
  return (
    <Dialog title={`Disconnect ${name}?`} onClose={onClose}>
      <p>{stops}</p>
      <ProblemNote problem={problem} />
      <DialogActions>
        <Button onClick={onClose}>Keep it</Button>
        <Button tone="primary" disabled={busy} onClick={() => void disconnect()}>
          Disconnect
        </Button>
      </DialogActions>
    </Dialog>
  )
}

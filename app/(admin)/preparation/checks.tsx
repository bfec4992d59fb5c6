'use client'
import { useState } from 'react'
import type { ShownPreflight } from '#app/api/schemas/preflight.ts'
import { callApi } from '#app/hooks/api.ts'
import { useAction } from '#app/hooks/use-action.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { LocalTime } from '#app/ui/kit/local-time.tsx'
import { Mark } from '#app/ui/kit/mark.tsx'
import { Note } from '#app/ui/kit/note.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import styles from './preparation.module.css'

type Check = ShownPreflight['checks'][number]

const STATES = {
  ok: { tone: 'good', text: 'Good' },
  failed: { tone: 'bad', text: 'To do' },
  unknown: { tone: 'warn', text: 'Not known' },
} as const

interface ChecksProps {
  readonly found: ShownPreflight
  readonly mayFix: boolean
  readonly program: string
}

/** What is wrong comes first; each with what it means, and Fix where we can. */
export function Checks({ found, mayFix, program }: ChecksProps) {
  const looking = useAction()
  const order = ['failed', 'unknown', 'ok']
  const checks = [...found.checks].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state))
  const lookAgain = () =>
    looking.run(() => callApi('GET /api/preflight', { query: { program, again: 'yes' } }))
  return (
    <section className={styles['checks']} aria-label="Checks">
      <ul>
        {checks.map((check) => (
          <CheckRow key={check.id} check={check} mayFix={mayFix} program={program} />
        ))}
      </ul>
      <div className={styles['foot']}>
        <span>
          Looked at <LocalTime at={found.checkedAt} />
        </span>
        {mayFix ? (
          <Button disabled={looking.busy} onClick={() => void lookAgain()}>
            {looking.busy ? 'Looking…' : 'Look again'}
          </Button>
        ) : null}
      </div>
      <ProblemNote problem={looking.problem} />
    </section>
  )
}

function CheckRow({ check, mayFix, program }: { check: Check; mayFix: boolean; program: string }) {
  const { busy, problem, run } = useAction()
  const [did, setDid] = useState<readonly string[]>([])
  const fix = () =>
    run(async () => {
      const of = { path: { check: check.id }, query: { program } }
      setDid((await callApi('POST /api/preflight/{check}/fix', of)).did)
    })
  const { tone, text } = STATES[check.state]
  return (
    <li className={styles['check']}>
      <div className={styles['state']}>
        <Mark tone={tone}>{text}</Mark>
      </div>
      <div className={styles['about']}>
        <h2>{check.title}</h2>
        <p>
          {check.found} <span>{check.meaning}</span>
        </p>
        {check.items.length === 0 ? null : (
          <ul className={styles['items']}>
            {check.items.map((item) => (
              <li key={item}>{item}</li>
            ))}
          </ul>
        )}
        {check.state === 'ok' ? null : <p className={styles['path']}>In ConnectWise: {check.path}</p>}
        {did.length === 0 ? null : (
          <div role="status">
            <Note tone="quiet">{did.join(' ')}</Note>
          </div>
        )}
        <ProblemNote problem={problem} />
      </div>
      {check.fix !== null && mayFix ? (
        <Button tone="primary" disabled={busy} title={check.fix} onClick={() => void fix()}>
          {busy ? 'Fixing…' : 'Fix'}
          <span className={styles['hidden']}>: {check.fix}</span>
        </Button>
      ) : null}
    </li>
  )
}

'use client'
import { lazy, Suspense, useState } from 'react'
import { Button } from '#app/ui/kit/button.tsx'
import { useAnswering } from '#app/ui/plan/answering.tsx'
import styles from './taking-back.module.css'

// Asked of few.
const UndoDialog = lazy(async () => ({ default: (await import('./undo-dialog.tsx')).UndoDialog }))
const SetBackDialog = lazy(async () => ({ default: (await import('./set-back-dialog.tsx')).SetBackDialog }))

interface TakingBackProps {
  /** The sync that can be undone; `null`: none, or not by this person. */
  readonly undoes: string | null
  /** Company and agreement. */
  readonly of: string
  /** How the buttons look. */
  readonly tone?: 'plain'
  readonly className?: string | undefined
  readonly undoText?: string
}

/** The ways back on one agreement: what a sync wrote (J2), and what somebody edited by hand. */
export function TakingBack({
  undoes,
  of,
  tone,
  className = styles['buttons'],
  undoText = 'Undo…',
}: TakingBackProps) {
  const answering = useAnswering()
  const [open, setOpen] = useState<'undo' | 'edits' | null>(null)
  if (answering === null || !answering.may) return null
  const { agreementId, currency, call, onStarted } = answering
  const close = () => setOpen(null)
  return (
    <div className={className}>
      <Button tone={tone} onClick={() => setOpen('edits')}>
        Set back edits…
      </Button>
      {undoes === null ? null : (
        <Button tone={tone} onClick={() => setOpen('undo')}>
          {undoText}
        </Button>
      )}
      <Suspense>
        {open === 'undo' && undoes !== null ? (
          <UndoDialog
            runId={undoes}
            agreementId={agreementId}
            of={of}
            currency={currency}
            call={call}
            onStarted={(runId) => {
              close()
              onStarted(runId)
            }}
            onClose={close}
          />
        ) : null}
        {open === 'edits' ? <SetBackDialog answering={answering} onClose={close} /> : null}
      </Suspense>
    </div>
  )
}

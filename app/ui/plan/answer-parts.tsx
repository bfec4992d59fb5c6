'use client'
import { followsText } from '#lib/billing/sync-follows.ts'
import { Button } from '../kit/button.tsx'
import { ProblemNote } from '../kit/problem-note.tsx'
import { type Answering, useAnswer } from './answering.tsx'

/** What was said since the sync that is shown, and the way to use it at once. */
export function Noted({ answering, text }: { answering: Answering; text: string }) {
  const { onSync, given } = answering
  const { busy, problem, act } = useAnswer(answering)
  return (
    <>
      <span role="status">
        {text} {given === undefined ? null : followsText[given.follows]}
      </span>
      {onSync === null ? null : (
        <Button disabled={busy} onClick={() => void act(onSync)}>
          Sync now
        </Button>
      )}
      <ProblemNote problem={problem} />
    </>
  )
}

interface TakeBackProps {
  readonly answering: Answering
  readonly label: string
  /** What the button says. */
  readonly text?: string
  readonly work: () => Promise<unknown>
}

export function TakeBack({ answering, label, text = 'Take back', work }: TakeBackProps) {
  const { busy, problem, act } = useAnswer(answering)
  return (
    <>
      <Button tone="plain" aria-label={label} disabled={busy} onClick={() => void act(work)}>
        {text}
      </Button>
      <ProblemNote problem={problem} />
    </>
  )
}

'use client'
import { useState } from 'react'
import type { ShownLeaving } from '#app/api/schemas/leaving.ts'
import type { Problem } from '#app/api/schemas/problem.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { Dialog, DialogActions } from '#app/ui/kit/dialog.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import { type LeavingAnswer, LeavingChoice } from '#app/ui/plan/leaving-choice.tsx'

interface MoveQuestionProps {
  readonly asked: { readonly leaving: ShownLeaving }
  readonly title: string
  readonly goesTo: string
  readonly busy: boolean
  readonly problem: Problem | null
  readonly onBack: () => void
  readonly onAnswer: (answer: LeavingAnswer) => void
}

/** A mapping that moves: what stays open on the old agreement, and from when on the new one bills (E5). */
export function MoveQuestion(props: MoveQuestionProps) {
  const { asked, title, goesTo, busy, problem, onBack, onAnswer } = props
  const [answer, setAnswer] = useState<LeavingAnswer>({ from: asked.leaving.takesOver.from })
  return (
    <Dialog title={title} onClose={onBack}>
      <LeavingChoice leaving={asked.leaving} goesTo={goesTo} answer={answer} onAnswer={setAnswer} />
      <ProblemNote problem={problem} />
      <DialogActions>
        <Button onClick={onBack}>Back</Button>
        <Button tone="primary" disabled={busy} onClick={() => onAnswer(answer)}>
          Move
        </Button>
      </DialogActions>
    </Dialog>
  )
}

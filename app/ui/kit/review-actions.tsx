import type { Problem } from '#app/api/schemas/problem.ts'
import { Button } from './button.tsx'
import { DialogActions } from './dialog.tsx'

interface ReviewActionsProps {
  readonly busy: boolean
  readonly problem: Pick<Problem, 'code'> | null
  /** What the yes does, with its count. */
  readonly yes: string
  /** Why there is nothing to say yes to; `null`: there is. */
  readonly whyNot: string | null
  /** Whether the dialog shows the reason already. */
  readonly isWhySaid?: boolean
  readonly onCancel: () => void
  readonly onLook: () => void
  readonly onYes: () => void
}

/** Below what was shown before the yes to exactly that: where it has changed meanwhile, it is looked at again. */
export function ReviewActions({
  busy,
  problem,
  yes,
  whyNot,
  isWhySaid = false,
  onCancel,
  onLook,
  onYes,
}: ReviewActionsProps) {
  return (
    <DialogActions>
      <Button onClick={onCancel}>Cancel</Button>
      {problem?.code === 'conflict' ? (
        <Button disabled={busy} onClick={onLook}>
          Look again
        </Button>
      ) : null}
      <Button tone="primary" disabled={busy} whyNot={whyNot} isWhySaid={isWhySaid} onClick={onYes}>
        {yes}
      </Button>
    </DialogActions>
  )
}

'use client'
import { useState } from 'react'
import type { ShownRule, ShownRulePreview } from '#app/api/schemas/price-rules.ts'
import { callApi } from '#app/hooks/api.ts'
import { useAction } from '#app/hooks/use-action.ts'
import { useAttempt } from '#app/hooks/use-attempt.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { Dialog, DialogActions } from '#app/ui/kit/dialog.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import { RuleDialog, type RuleDialogProps } from './rule-dialog.tsx'
import { RulePreview } from './rule-preview.tsx'
import { placeText } from './words.ts'

type Props = Omit<RuleDialogProps, 'onClose' | 'rule'>

/** Opens the dialog of a new rule; at once where somebody came to make one. */
export function AddRule({ isOpen: isOpenAtFirst = false, ...props }: Props & { isOpen?: boolean }) {
  const [isOpen, setOpen] = useState(isOpenAtFirst)
  return (
    <>
      <Button tone="primary" onClick={() => setOpen(true)}>
        Add a price rule
      </Button>
      {isOpen ? <RuleDialog {...props} onClose={() => setOpen(false)} /> : null}
    </>
  )
}

/** Changes or removes a rule. */
export function RuleButtons({ rule, ...props }: Props & { readonly rule: ShownRule }) {
  const [open, setOpen] = useState<'change' | 'remove' | null>(null)
  return (
    <>
      <Button aria-label={`Change: ${placeText(rule)}`} onClick={() => setOpen('change')}>
        Change
      </Button>{' '}
      <Button aria-label={`Remove: ${placeText(rule)}`} onClick={() => setOpen('remove')}>
        Remove
      </Button>
      {open === 'change' ? <RuleDialog {...props} rule={rule} onClose={() => setOpen(null)} /> : null}
      {open === 'remove' ? (
        <RemoveRule program={props.program} rule={rule} onClose={() => setOpen(null)} />
      ) : null}
    </>
  )
}

interface RemoveRuleProps {
  readonly program: string
  readonly rule: ShownRule
  readonly onClose: () => void
}

function RemoveRule({ program, rule, onClose }: RemoveRuleProps) {
  const [preview, setPreview] = useState<ShownRulePreview | null>(null)
  const look = useAttempt()
  const remove = useAction()
  const show = () =>
    look.run(async () => {
      const body = { remove: rule.id }
      setPreview(
        await callApi('POST /api/programs/{program}/price-rules/preview', { path: { program }, body }),
      )
    })
  const go = async () => {
    const isDone = await remove.run(() =>
      callApi('DELETE /api/programs/{program}/price-rules/{id}', { path: { program, id: rule.id } }),
    )
    if (isDone) onClose()
  }
  return (
    <Dialog isWide title={`Remove the price rule of ${placeText(rule)}?`} onClose={onClose}>
      <p>
        What is written stays as it is. New quantities follow the next rule that fits, or PRISM’s retail
        price.
      </p>
      {preview === null ? null : <RulePreview preview={preview} isRemoval />}
      <ProblemNote problem={look.problem ?? remove.problem} />
      <DialogActions>
        <Button disabled={remove.busy} onClick={onClose}>
          Cancel
        </Button>
        <Button disabled={look.busy} onClick={() => void show()}>
          Show what it does
        </Button>
        <Button tone="primary" disabled={remove.busy} onClick={() => void go()}>
          Remove the rule
        </Button>
      </DialogActions>
    </Dialog>
  )
}

'use client'
import { useRouter } from 'next/navigation'
import type { Customer } from '#app/api/schemas/customers.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { Dialog, DialogActions } from '#app/ui/kit/dialog.tsx'
import { CutoverQuestions } from '#app/ui/plan/cutover-questions.tsx'

interface QuestionsDialogProps {
  readonly program: string
  readonly chosen: readonly Customer[]
  readonly onClose: () => void
}

/** What is asked before the first syncs of the chosen customers, and one answer for many (J8). */
export function QuestionsDialog({ program, chosen, onClose }: QuestionsDialogProps) {
  const router = useRouter()
  const byAgreement = chosen.toSorted((a, b) => (a.mapping?.agreementId ?? 0) - (b.mapping?.agreementId ?? 0))
  const close = () => {
    router.refresh()
    onClose()
  }
  return (
    <Dialog title="What becomes of their additions" onClose={close} isWide>
      <CutoverQuestions program={program} tenantIds={byAgreement.map(({ tenantId }) => tenantId)} />
      <DialogActions>
        <Button onClick={close}>Close</Button>
      </DialogActions>
    </Dialog>
  )
}

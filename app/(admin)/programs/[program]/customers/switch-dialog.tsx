'use client'
import { useEffect, useRef, useState } from 'react'
import type { Customer } from '#app/api/schemas/customers.ts'
import type { Fit, Review } from '#app/api/schemas/mappings.ts'
import { callApi } from '#app/hooks/api.ts'
import { useAction } from '#app/hooks/use-action.ts'
import { Dialog } from '#app/ui/kit/dialog.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import { Reading } from '#app/ui/kit/reading.tsx'
import { ReviewActions } from '#app/ui/kit/review-actions.tsx'
import { asksForMissed, ChangeReview, type Missed, MissedChoice } from './change-review.tsx'

interface SwitchDialogProps {
  readonly program: string
  readonly chosen: readonly Customer[]
  /** All that fit, in place of those. */
  readonly fit: Fit | null
  readonly syncEnabled: boolean
  readonly onClose: () => void
  readonly onSaved: () => void
}

const customersText = (count: number): string => (count === 1 ? '1 customer' : `${count} customers`)

/** Sync on or off for many: first what it does, customer by customer, then the yes to exactly that. */
export function SwitchDialog({ program, chosen, fit, syncEnabled, onClose, onSaved }: SwitchDialogProps) {
  const { busy, problem, run } = useAction()
  const [review, setReview] = useState<Review | null>(null)
  const [missed, setMissed] = useState<Missed>('latest')
  const mapped = chosen.filter(({ mapping }) => mapping !== null)
  const which = fit === null ? { tenantIds: mapped.map(({ tenantId }) => tenantId) } : { fit }
  const path = { program }
  const word = syncEnabled ? 'on' : 'off'

  const look = () =>
    run(async () => {
      const body = { ...which, syncEnabled }
      setReview(await callApi('POST /api/programs/{program}/customers/switch/review', { path, body }))
    })
  const looked = useRef(false)
  // Once, as the dialog opens.
  useEffect(() => {
    if (looked.current) return
    looked.current = true
    void look()
  })
  const save = async () => {
    if (review === null) return
    const body = {
      ...which,
      syncEnabled,
      seen: review.seen,
      ...(asksForMissed(review) ? { missed } : {}),
    }
    const isSaved = await run(() => callApi('POST /api/programs/{program}/customers/switch', { path, body }))
    if (isSaved) onSaved()
  }
  const count = review === null ? 0 : review.counts['sync-on'] + review.counts['sync-off']
  const already = review?.counts.nothing ?? 0
  const unmapped =
    fit === null ? chosen.length - mapped.length : fit.count - count - already - (review?.counts.wrong ?? 0)
  return (
    <Dialog title={`Switch Sync ${word}`} onClose={onClose} isWide>
      {review === null && problem === null ? <Reading /> : null}
      {review === null ? null : (
        <>
          <p>
            {count === 0
              ? `Sync is switched ${word} for nobody.`
              : `Sync is switched ${word} for ${customersText(count)}.`}{' '}
            {already === 0
              ? ''
              : `${customersText(already)} ${already === 1 ? 'has' : 'have'} it ${word} already. `}
            {unmapped === 0
              ? ''
              : `${customersText(unmapped)} ${unmapped === 1 ? 'is' : 'are'} not mapped and left out. `}
            {syncEnabled
              ? 'The next scheduled sync writes to their agreements.'
              : 'Nothing more is written for them; what their additions bill stays as it is.'}
          </p>
          <ChangeReview program={program} review={review} />
          {asksForMissed(review) ? <MissedChoice missed={missed} onChoose={setMissed} /> : null}
        </>
      )}
      <ProblemNote problem={problem} />
      <ReviewActions
        busy={busy}
        problem={problem}
        yes={`Switch Sync ${word} for ${customersText(count)}`}
        whyNot={
          review === null ? 'What it does is not known yet.' : count === 0 ? 'It changes nobody.' : null
        }
        isWhySaid
        onCancel={onClose}
        onLook={() => void look()}
        onYes={() => void save()}
      />
    </Dialog>
  )
}

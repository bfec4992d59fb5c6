'use client'
import { useState } from 'react'
import type { CustomerPath } from '#app/hooks/endpoint.ts'
import { useApi } from '#app/hooks/use-api.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import { CutoverReviewView } from '#app/ui/plan/cutover-review.tsx'

/** What a first sync makes of the additions that are there, read from ConnectWise when somebody asks for it (F5, F9). */
export function ReviewBeforeSync({ of, currency }: { of: CustomerPath; currency: string }) {
  const [isAsked, setAsked] = useState(false)
  const { data, error, isValidating, mutate } = useApi(
    'GET /api/programs/{program}/customers/{tenantId}/plan',
    isAsked ? { path: of } : null,
    { revalidateOnFocus: false, shouldRetryOnError: false, dedupingInterval: 0 },
  )
  const read = () => {
    if (isAsked) void mutate()
    setAsked(true)
  }
  return (
    <>
      <div>
        <Button disabled={isValidating} onClick={read}>
          {isValidating ? 'Reading the additions…' : 'Review the additions'}
        </Button>
      </div>
      <ProblemNote problem={error?.problem ?? null} />
      {data === undefined ? null : data.review === null ? (
        <p role="status">No invoice contains this customer yet, or it was synced before.</p>
      ) : (
        <CutoverReviewView review={data.review} currency={currency} onAnswered={read} />
      )}
    </>
  )
}

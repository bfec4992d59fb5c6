'use client'
import { lazy, Suspense } from 'react'
import type { Period } from '#lib/billing/types.ts'
import { askedRow } from './asked-row.ts'
import { Findings } from './findings.tsx'
import { answersOf } from './first-sync-answers.ts'
import type { SubscriptionPlan } from './shown.ts'

// Asked of few.
const FirstSyncAnswer = lazy(async () => ({
  default: (await import('./first-sync-answer.tsx')).FirstSyncAnswer,
}))

interface RowNotesProps {
  readonly period: Period
  readonly row: SubscriptionPlan
  /** Whose it is, where an agreement carries several. */
  readonly ofCustomer: string | undefined
}

/** What is found of a subscription in a month, and what a person can say to it. */
export function RowNotes({ period, row, ofCustomer }: RowNotesProps) {
  return (
    <>
      <Findings findings={row.findings} row={askedRow(period, row)} />
      {answersOf(row).length === 0 ? null : (
        <Suspense>
          <FirstSyncAnswer row={row} ofCustomer={ofCustomer} />
        </Suspense>
      )}
    </>
  )
}

'use client'
import Link from 'next/link'
import { useDeferredValue, useState } from 'react'
import type { CustomerMonthDetail } from '#app/api/schemas/customer-months.ts'
import { LocalTime } from '#app/ui/kit/local-time.tsx'
import { Mark } from '#app/ui/kit/mark.tsx'
import { Note } from '#app/ui/kit/note.tsx'
import { SecondProofFigures } from '#app/ui/month/second-proof.tsx'
import { PlanMonth } from '#app/ui/plan/plan-month.tsx'
import { planTitle } from '#app/ui/plan/plan-names.ts'
import { PlanTitle } from '#app/ui/plan/plan-title.tsx'
import styles from '../months.module.css'
import { billedText, stateOf } from '../months-table.tsx'

interface OpenedMonthProps {
  readonly month: CustomerMonthDetail
  readonly currency: string
  readonly maySeeCost: boolean
}

/** Both figures and the proof, then every subscription with its changes, old and new. Nothing is answered here: what waits is told on the bill. */
export function OpenedMonth({ month, currency, maySeeCost }: OpenedMonthProps) {
  const [isCostAsked, setCostAsked] = useState(false)
  const showCost = useDeferredValue(isCostAsked)
  const { agreement, companyName, outcome, isShared, isBilled, syncedAt, actor, runId } = month
  const state = stateOf(month)
  return (
    <section
      className={styles['opened']}
      aria-label={`Plan of ${outcome.annual === undefined ? outcome.period : planTitle(outcome)}`}
    >
      <div className={styles['head']}>
        <h3>
          <PlanTitle plan={outcome} /> <Mark tone={state.tone}>{state.text}</Mark>
        </h3>
        {maySeeCost ? (
          <label className={styles['cost']}>
            <input
              type="checkbox"
              checked={isCostAsked}
              onChange={({ target }) => setCostAsked(target.checked)}
            />
            Show cost
          </label>
        ) : null}
        <div className={styles['about']}>
          {companyName}, {agreement.name}: ConnectWise {billedText(isBilled)} it ·{' '}
          <Link href={`/runs/${runId}?agreement=${agreement.id}`} prefetch={false}>
            synced <LocalTime at={syncedAt} />
          </Link>{' '}
          by {actor}
        </div>
      </div>
      {month.second === null ? null : (
        <div className={styles['stack']}>
          <SecondProofFigures proof={month.second} currency={currency} label="ConnectWise" />
        </div>
      )}
      {isShared ? (
        <div className={styles['stack']}>
          <Note tone="quiet">The agreement bills other customers, too; what is theirs is left out here.</Note>
        </div>
      ) : null}
      <PlanMonth
        plan={outcome}
        currency={currency}
        showCost={showCost && maySeeCost}
        expanded
        className={styles['stack']}
      />
    </section>
  )
}

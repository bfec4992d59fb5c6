import type { Period } from '#lib/billing/types.ts'
import styles from './standing.module.css'
import { type Standing, standingText } from './standing-text.ts'

interface StandingProps {
  readonly period: Period
  readonly standing: Standing
  readonly invoiced: string
  readonly currency: string
}

/** How a month stands: the sentence, and a bar of its customers by state. */
export function MonthStanding({ period, standing, invoiced, currency }: StandingProps) {
  const { customers, counts } = standing
  let from = 0
  const parts = (['agrees', 'differs', 'open', 'waits', 'failed'] as const).map((state) => {
    const width = customers === 0 ? 0 : (counts[state] / customers) * 100
    const part = { state, width, from }
    from += width
    return part
  })
  return (
    <div className={styles['standing']}>
      <p className={styles['sentence']}>{standingText(period, standing, invoiced, currency)}.</p>
      {/* An svg has its widths as attributes; the page's policy lets no style attribute count. */}
      <svg className={styles['bar']} viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden>
        {parts.map(({ state, width, from: x }) =>
          width === 0 ? null : (
            <rect key={state} className={styles[state]} x={x} y={0} width={width} height={1} />
          ),
        )}
      </svg>
    </div>
  )
}

import type { Step } from '#lib/billing/types.ts'
import { dayNumber } from './day-text.ts'
import styles from './step-chart.module.css'

const WIDTH = 92
const HEIGHT = 24
/** Room for the line's own thickness at the top and the bottom. */
const INSET = 2

interface Corner {
  readonly from: number
  readonly to: number
  readonly y: number
}

/**
 * Where each step starts, ends and stands. The floats draw a picture; no figure is computed from them.
 * @param scale steps that must fit, too
 */
function corners(steps: readonly Step[], scale: readonly Step[]): Corner[] {
  const days = steps.reduce((sum, step) => sum + dayNumber(step.last) - dayNumber(step.first) + 1, 0)
  const heights = steps.map((step) => Number(step.quantity))
  const all = [...heights, ...scale.map((step) => Number(step.quantity)), 0]
  const highest = Math.max(...all)
  const lowest = Math.min(...all)
  const unit = (HEIGHT - 2 * INSET) / (highest - lowest || 1)
  let day = 0
  return steps.map((step, index) => {
    const from = day
    day += dayNumber(step.last) - dayNumber(step.first) + 1
    const y = HEIGHT - INSET - ((heights[index] ?? 0) - lowest) * unit
    return { from: (from / days) * WIDTH, to: (day / days) * WIDTH, y: Math.round(y * 10) / 10 }
  })
}

const pathOf = (steps: readonly Step[], scale: readonly Step[]): string =>
  corners(steps, scale)
    .map(({ from, to, y }, index) => `${index === 0 ? 'M' : 'L'}${from.toFixed(1)} ${y}H${to.toFixed(1)}`)
    .join('')

interface StepChartProps {
  readonly steps: readonly Step[]
  /** Those of all rows that it goes on from or as, itself included: drawn behind it, at one scale. */
  readonly story?: readonly Step[]
}

/** The quantity through the month. The numbers stand beside it as text, so it is decoration to a screen reader. */
export function StepChart({ steps, story = steps }: StepChartProps) {
  if (steps.length === 0) return null
  const line = pathOf(steps, story)
  return (
    <svg
      className={styles['chart']}
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      aria-hidden
    >
      {story === steps ? null : (
        <path className={styles['story']} d={`${pathOf(story, steps)}V${HEIGHT}H0Z`} />
      )}
      <path className={styles['area']} d={`${line}V${HEIGHT}H0Z`} />
      <path className={styles['line']} d={line} />
    </svg>
  )
}

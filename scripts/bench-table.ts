/** What a benchmark returns, and the one table of all of them. */

/** One measurement. Figures of a row have one unit; `ours` that is no number breaks any budget. */
export interface Row {
  /** What was measured, at which size. */
  readonly measure: string
  readonly ours: number
  /** What it is set against, measured in the same run. */
  readonly reference?: number
  /** `ms`, `s`, `MB`, `requests`; left out: a plain number. */
  readonly unit?: string
  /** Left out: the row only informs. */
  readonly budget?: Budget
  /** Why there is nothing to judge: the work did not come to its end, or came to a wrong one. It breaks the budget. */
  readonly failed?: string
}

/** At most `times` x the reference and `plus` more, in the row's unit; what is left out is nothing. */
export interface Budget {
  readonly times?: number
  readonly plus?: number
  /** What is aimed at, in place of `times`; above it the row is still within its budget. */
  readonly goal?: number
}

export type Benchmark = () => Promise<readonly Row[]>

export type Verdict = 'within' | 'above goal' | 'BROKEN' | 'FAILED' | 'for information'

export function verdictOf({ ours, reference = 0, budget, failed }: Row): Verdict {
  if (failed !== undefined) return 'FAILED'
  if (budget === undefined) return 'for information'
  const { times = 0, plus = 0, goal = times } = budget
  if (!(ours <= times * reference + plus)) return 'BROKEN'
  return ours <= goal * reference + plus ? 'within' : 'above goal'
}

export const isBroken = (row: Row): boolean => ['BROKEN', 'FAILED'].includes(verdictOf(row))

const headings = ['measure', 'ours', 'reference', 'ratio', 'budget', 'verdict'] as const
/** Columns of figures, which stand to the right. */
const figures: readonly string[] = ['ours', 'reference', 'ratio']

/** The table as lines of text; what failed says why below it. */
export function tableOf(rows: readonly Row[]): string[] {
  const cells = rows.map((row) => cellsOf(row))
  const widths = headings.map((heading, at) =>
    Math.max(heading.length, ...cells.map((cell) => cell[at]?.length ?? 0)),
  )
  const line = (cell: readonly string[]): string =>
    headings
      .map((heading, at) => {
        const [text = '', width = 0] = [cell[at], widths[at]]
        return figures.includes(heading) ? text.padStart(width) : text.padEnd(width)
      })
      .join('  ')
      .trimEnd()
  const failures = rows.filter(({ failed }) => failed !== undefined)
  return [
    line(headings),
    widths.map((width) => '-'.repeat(width)).join('  '),
    ...cells.map(line),
    ...failures.map(({ measure, failed }) => `${measure}: ${failed}`),
  ]
}

function cellsOf(row: Row): string[] {
  const { measure, ours, reference, unit, budget } = row
  const ratio = reference === undefined || reference === 0 ? '' : `${(ours / reference).toFixed(2)} x`
  return [
    measure,
    figureOf(ours, unit),
    reference === undefined ? '' : figureOf(reference, unit),
    ratio,
    budget === undefined ? '' : budgetText(budget, unit),
    verdictOf(row),
  ]
}

/** `<= 1.3 x (goal 1.1)`, `<= 3 x + 25 ms`, `<= 360 s`. */
function budgetText({ times, plus, goal }: Budget, unit: string | undefined): string {
  const parts = [
    ...(times === undefined ? [] : [`${times} x`]),
    ...(plus === undefined ? [] : [figureOf(plus, unit)]),
  ]
  return `<= ${parts.join(' + ')}${goal === undefined ? '' : ` (goal ${goal})`}`
}

/** Three digits or more, whole numbers as they are: `0.53`, `12.4`, `1,234`. */
export function figureOf(value: number, unit?: string): string {
  if (!Number.isFinite(value)) return '?'
  const digits = Number.isInteger(value) || Math.abs(value) >= 99.95 ? 0 : Math.abs(value) >= 9.995 ? 1 : 2
  const text = value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
  return unit === undefined ? text : `${text} ${unit}`
}

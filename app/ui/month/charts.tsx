import Link from 'next/link'
import { difference, moneyText } from '#app/ui/kit/money.ts'
import table from '#app/ui/kit/table.module.css'
import text from '#app/ui/kit/text.module.css'
import { monthName, shortMonth } from '#lib/billing/format.ts'
import type { Period } from '#lib/billing/types.ts'
import styles from './charts.module.css'

interface MonthOfChart {
  readonly period: Period
  readonly invoiced: { readonly price: string }
  readonly billed: { readonly price: string }
  /** How long its first scheduled sync took; `null`: there was none. */
  readonly seconds: number | null
  readonly closedBy: string | null
}

interface ChartsProps {
  readonly program: string
  /** The newest first. */
  readonly months: readonly MonthOfChart[]
  readonly currency: string
}

const durationText = (seconds: number | null): string => {
  if (seconds === null) return 'not known'
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`
}

/** The last months as four small charts, with the table that they are drawn from behind them. */
export function MonthCharts({ program, months, currency }: ChartsProps) {
  const oldestFirst = months.toReversed()
  const money = (value: string) => moneyText(value, currency)
  const gap = ({ invoiced, billed }: MonthOfChart): string => difference(invoiced.price, billed.price)
  const charts = [
    {
      title: 'Invoiced',
      of: (each: MonthOfChart) => Number(each.invoiced.price),
      say: (each: MonthOfChart) => money(each.invoiced.price),
    },
    {
      title: 'Billed',
      of: (each: MonthOfChart) => Number(each.billed.price),
      say: (each: MonthOfChart) => money(each.billed.price),
    },
    {
      title: 'Difference',
      of: (each: MonthOfChart) => Number(gap(each)),
      say: (each: MonthOfChart) => money(gap(each)),
    },
    {
      title: 'Duration of the sync',
      of: (each: MonthOfChart) => each.seconds ?? 0,
      say: (each: MonthOfChart) => durationText(each.seconds),
    },
  ]
  const [newest] = months
  if (newest === undefined) return null
  return (
    <section className={styles['months']} aria-label="The last months">
      <h3>The last months</h3>
      <div className={styles['charts']}>
        {charts.map(({ title, of, say }) => (
          <figure key={title} className={styles['chart']}>
            <figcaption>
              {title} <b>{say(newest)}</b>
            </figcaption>
            <Bars values={oldestFirst.map(of)} />
            <span className={styles['ends']} aria-hidden>
              <span>{shortMonth(oldestFirst[0]?.period ?? newest.period)}</span>
              <span>{shortMonth(newest.period)}</span>
            </span>
          </figure>
        ))}
      </div>
      <details>
        <summary>As a table</summary>
        <div className={table['panel']}>
          <table className={table['table']}>
            <thead>
              <tr>
                <th scope="col">Usage of</th>
                {['Invoiced', 'Billed', 'Difference', 'Sync took'].map((name) => (
                  <th key={name} scope="col" className={text['number']}>
                    {name}
                  </th>
                ))}
                <th scope="col">Closed</th>
              </tr>
            </thead>
            <tbody>
              {months.map((each) => (
                <tr key={each.period}>
                  <td>
                    <Link href={`/programs/${program}/months/${each.period}`} prefetch={false}>
                      {monthName(each.period)}
                    </Link>
                  </td>
                  <td className={text['number']} data-label="Invoiced">
                    {money(each.invoiced.price)}
                  </td>
                  <td className={text['number']} data-label="Billed">
                    {money(each.billed.price)}
                  </td>
                  <td className={text['number']} data-label="Difference">
                    {money(gap(each))}
                  </td>
                  <td className={text['number']} data-label="Sync took">
                    {durationText(each.seconds)}
                  </td>
                  <td data-label="Closed">
                    {each.closedBy === null ? <span className={text['quiet']}>open</span> : each.closedBy}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </section>
  )
}

const HEIGHT = 32
const STEP = 10

/** Below the line where it is negative. */
function Bars({ values }: { values: readonly number[] }) {
  const top = Math.max(0, ...values)
  const bottom = Math.min(0, ...values)
  const span = top - bottom || 1
  const yOf = (value: number): number => ((top - value) / span) * HEIGHT
  return (
    <svg
      className={styles['bars']}
      viewBox={`0 0 ${Math.max(1, values.length) * STEP} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden
    >
      {values.map((value, at) => (
        <rect
          // A month's place is what it is.
          // biome-ignore lint/suspicious/noArrayIndexKey: the values have no names
          key={at}
          x={at * STEP + 1}
          width={STEP - 2}
          y={Math.min(yOf(value), yOf(0))}
          height={Math.max(0.5, Math.abs(yOf(value) - yOf(0)))}
        />
      ))}
    </svg>
  )
}

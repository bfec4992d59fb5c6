import type { Month, MonthRow } from '#app/api/schemas/months.ts'
import { LocalTime } from '#app/ui/kit/local-time.tsx'
import { Mark } from '#app/ui/kit/mark.tsx'
import { moneyText } from '#app/ui/kit/money.ts'
import { secondTermName } from '#app/ui/month/second-terms.ts'
import styles from './month.module.css'

interface WhenClosedProps {
  readonly kept: NonNullable<MonthRow['closedSecond']>
  readonly at: string
  readonly currency: string
}

/** What ConnectWise had invoiced of a bill when its month was closed, and whether it invoices it otherwise by now. */
export function WhenClosed({ kept: { invoiced, terms, isOther }, at, currency }: WhenClosedProps) {
  const money = (value: string) => moneyText(value, currency)
  return (
    <div className={styles['kept']}>
      <span>
        When closed on <LocalTime at={at} />:{' '}
        {invoiced === null ? 'not invoiced' : `${money(invoiced)} invoiced`}
        {terms.length === 0 ? ', as planned' : ''}
      </span>
      {terms.map(({ term, amount }) => (
        <span key={term}>
          {secondTermName(term)} {money(amount)}
        </span>
      ))}
      {isOther ? <Mark tone="bad">Invoiced otherwise since</Mark> : null}
    </div>
  )
}

/** The same of all its agreements. */
export const closedSecondText = ({
  all,
  compared,
  differ,
}: NonNullable<Month['closing']>['second']): string => {
  if (compared === 0) return 'None of ConnectWise’s own invoices of the month was compared by then.'
  const differs = differ === 0 ? 'as planned' : `${differ} of them otherwise than planned`
  const agreements = all === 1 ? 'its agreement' : `${compared} of its ${all} agreements`
  return `By then ConnectWise’s own invoices were compared of ${agreements}: ${differs}.`
}

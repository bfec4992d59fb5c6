import { daysText } from '#app/ui/kit/day-text.ts'
import { amountText, moneyText } from '#app/ui/kit/money.ts'
import styles from './ignored-lines.module.css'
import type { IgnoredLine } from './shown.ts'

const REASONS: Record<IgnoredLine['reason'], string> = {
  annual: 'annual, billed by hand',
  'azure-off': 'Azure is off',
  'tenant-off': 'Sync is off for this customer',
}

interface IgnoredLinesProps {
  readonly lines: readonly IgnoredLine[]
  /** Their total price. */
  readonly total: string
  readonly currency: string
}

/** Lines of the invoice that no addition is made for: apart from the others, never silently (F4). */
export function IgnoredLines({ lines, total, currency }: IgnoredLinesProps) {
  return (
    <details className={styles['ignored']}>
      <summary>
        {lines.length} {lines.length === 1 ? 'line' : 'lines'} ignored, {moneyText(total, currency)}
      </summary>
      <ul className={styles['list']}>
        {lines.map((line) => (
          <li key={`${line.subscriptionId}/${line.offerName}/${line.first}/${line.amount.price}`}>
            <span>
              {line.offerName}{' '}
              <span className={styles['why']}>
                {daysText(line.first, line.last)} · {REASONS[line.reason]}
              </span>
            </span>
            <span className={styles['amount']}>{amountText(line.amount.price)}</span>
          </li>
        ))}
      </ul>
    </details>
  )
}

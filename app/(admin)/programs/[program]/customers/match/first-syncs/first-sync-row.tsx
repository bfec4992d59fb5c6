import Link from 'next/link'
import { memo } from 'react'
import type { Customer } from '#app/api/schemas/customers.ts'
import { moneyText } from '#app/ui/kit/money.ts'
import { monthName } from '#lib/billing/format.ts'
import styles from './first-syncs.module.css'
import { isRead, type Read } from './read-all.ts'
import { countsText, isSameBill } from './summary.ts'

interface FirstSyncRowProps {
  readonly program: string
  /** Of one agreement. */
  readonly customers: readonly Customer[]
  readonly read: Read | undefined
  readonly currency: string
  readonly isTicked: boolean
  readonly onTick: (isTicked: boolean) => void
}

/** An agreement's customers with what their first sync takes and writes. */
function Row({ program, customers, read, currency, isTicked, onTick }: FirstSyncRowProps) {
  const names = customers.map(({ name }) => name).join(' and ')
  return (
    <tr>
      <td>
        <div className={styles['who']}>
          <input
            type="checkbox"
            aria-label={`Switch Sync on for ${names}`}
            checked={isTicked}
            disabled={!isRead(read)}
            onChange={({ target }) => onTick(target.checked)}
          />
          <span>
            {customers.map(({ tenantId, name }) => (
              <Link
                key={tenantId}
                href={`/programs/${program}/customers/${encodeURIComponent(tenantId)}`}
                prefetch={false}
              >
                {name}
              </Link>
            ))}
            <small>
              {customers[0]?.mapping?.companyName}, {customers[0]?.mapping?.agreementName}
            </small>
          </span>
        </div>
      </td>
      <td className={styles['what']}>
        {read === undefined ? (
          '…'
        ) : !isRead(read) ? (
          <span className={styles['bad']}>{read.refused}</span>
        ) : read.period === null ? (
          'No invoice contains it yet; additions come with the first that does.'
        ) : (
          <>
            {monthName(read.period)}: {countsText(read)}.
            {read.reasons.map((reason) => (
              <span key={reason} className={styles['bad']}>
                {reason}
              </span>
            ))}
          </>
        )}
      </td>
      <td className={styles['bill']}>
        {!isRead(read) || read.period === null
          ? null
          : isSameBill(read)
            ? `${moneyText(read.after, currency)}, as now`
            : `${moneyText(read.before, currency)} → ${moneyText(read.after, currency)}`}
      </td>
    </tr>
  )
}

/** Hundreds of them are there while one after the other is read. */
export const FirstSyncRow = memo(
  Row,
  (before, after) =>
    before.read === after.read && before.isTicked === after.isTicked && before.customers === after.customers,
)

import Link from 'next/link'
import type { CustomerMonths } from '#app/api/schemas/customer-months.ts'
import { LocalTime } from '#app/ui/kit/local-time.tsx'
import { Mark } from '#app/ui/kit/mark.tsx'
import { difference, isZero, moneyText } from '#app/ui/kit/money.ts'
import table from '#app/ui/kit/table.module.css'
import text from '#app/ui/kit/text.module.css'
import { planTitle, stateWord, writtenNotInvoiced } from '#app/ui/plan/plan-names.ts'
import { monthName } from '#lib/billing/format.ts'
import { invoiceName } from '#lib/billing/invoice-month.ts'
import styles from './months.module.css'

type Month = CustomerMonths['months'][number]

interface MonthsTableProps {
  readonly months: readonly Month[]
  readonly path: string
  readonly currency: string
  /** Where a month is compared with another one; `null`: not by this person. */
  readonly compared: { readonly path: string; readonly tenantId: string } | null
}

/** The newest month first. */
export function MonthsTable({ months, path, currency, compared }: MonthsTableProps) {
  return (
    <div className={table['panel']}>
      <table className={[table['table'], styles['months']].join(' ')}>
        <thead>
          <tr>
            <th scope="col">Usage month</th>
            <th scope="col">State</th>
            <th scope="col" className={text['number']}>
              PRISM invoiced
            </th>
            <th scope="col" className={text['number']}>
              ConnectWise
            </th>
            <th scope="col" className={text['number']}>
              Difference
            </th>
            <th scope="col">Why</th>
            <th scope="col">Synced</th>
          </tr>
        </thead>
        <tbody>
          {months.map((month) => (
            <MonthRow
              key={`${month.period}/${month.agreement.id}/${month.annual?.invoiceId ?? ''}`}
              month={month}
              path={path}
              currency={currency}
              compared={compared}
            />
          ))}
        </tbody>
      </table>
    </div>
  )
}

const searchOf = ({ agreement, annual }: Month): Record<string, string> => ({
  agreementId: `${agreement.id}`,
  ...(annual === null ? {} : { invoiceId: annual.invoiceId }),
})

interface MonthRowProps extends Omit<MonthsTableProps, 'months'> {
  readonly month: Month
}

function MonthRow({ month, path, currency, compared }: MonthRowProps) {
  const { period, annual, agreement, companyName, invoiced, billed, verdict, isBilled, syncedAt, actor } =
    month
  const state = stateOf(month)
  const gap = difference(invoiced.price, billed.price)
  return (
    <tr>
      <td>
        <Link href={`${path}/${period}?${new URLSearchParams(searchOf(month))}`} prefetch={false}>
          {annual === null ? monthName(period) : planTitle({ ...annual, period, annual })}
        </Link>
        <span className={styles['below']}>
          {annual === null ? `${invoiceName(period)} · ` : ''}
          {companyName}, {agreement.name}
        </span>
        {annual !== null || compared === null ? null : (
          <Link
            className={styles['below']}
            href={`${compared.path}/${period}/reconciliation?customer=${encodeURIComponent(compared.tenantId)}`}
            aria-label={`Why it changed: ${monthName(period)}`}
            prefetch={false}
          >
            Why it changed
          </Link>
        )}
      </td>
      <td className={table['state']}>
        <Mark tone={state.tone}>{state.text}</Mark>
      </td>
      <td className={text['number']} data-label="PRISM invoiced">
        {moneyText(invoiced.price, currency)}
      </td>
      <td className={text['number']} data-label="ConnectWise">
        {moneyText(billed.price, currency)}
        <span className={styles['below']}>{billedText(isBilled)}</span>
        {month.second === null ? null : (
          <span className={styles['below']}>
            <Mark tone={month.second.tone}>{month.second.says}</Mark>
          </span>
        )}
      </td>
      <td className={text['number']} data-label={isZero(gap) ? undefined : 'Difference'}>
        {isZero(gap) ? '' : moneyText(gap, currency)}
      </td>
      <td className={styles['why']}>
        {verdict.terms.length === 0
          ? (state.why ?? verdict.sentence)
          : verdict.terms.map(({ amount, reason }) => (
              <span key={reason} className={styles['term']}>
                {amount} {reason}
              </span>
            ))}
      </td>
      <td>
        <LocalTime at={syncedAt} />
        <span className={styles['below']}>{actor}</span>
      </td>
    </tr>
  )
}

/**
 * Green says that the month's bill is right, whatever its sync was called. An annual invoice is green once ConnectWise's own figure
 * holds what was written.
 */
export function stateOf({ status, verdict, annual = null, second = null }: Judged): {
  readonly text: string
  readonly tone: 'good' | 'warn' | 'bad' | 'quiet'
  readonly why?: string
} {
  if (status === 'Error') return { text: 'Error', tone: 'bad' }
  if (verdict.tone === 'bad') return { text: 'Differs', tone: 'bad' }
  if (status === 'Warning') return { text: 'Warning', tone: 'warn' }
  if (verdict.tone === 'warn') return { text: 'Differs', tone: 'warn' }
  if (annual === null || second?.tone === 'good') return { text: 'Agrees', tone: 'good' }
  if (second?.tone === 'bad') return { text: 'Invoiced otherwise', tone: 'bad', why: second.why }
  return { text: stateWord(second?.says), tone: 'quiet', why: second?.why ?? writtenNotInvoiced }
}

type Judged = Pick<Month, 'status' | 'verdict'> & Partial<Pick<Month, 'annual' | 'second'>>

export const billedText = (isBilled: boolean | null): string =>
  isBilled === null ? 'bills' : isBilled ? 'has billed' : 'will bill'

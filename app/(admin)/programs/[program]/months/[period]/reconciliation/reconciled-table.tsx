import Link from 'next/link'
import type { ReconciledRow, ReconciliationContent } from '#app/api/schemas/reconciliation.ts'
import { isZero, moneyText } from '#app/ui/kit/money.ts'
import table from '#app/ui/kit/table.module.css'
import text from '#app/ui/kit/text.module.css'
import { signedText } from '#app/ui/month/comparison-text.ts'
import { shortMonth, yearOf } from '#lib/billing/format.ts'
import type { Period } from '#lib/billing/types.ts'
import styles from './reconciliation.module.css'

interface ReconciledTableProps {
  readonly found: ReconciliationContent
  readonly program: string
  /** Of one customer or one product: its subscriptions. */
  readonly isOne: boolean
  readonly address: (more: { customer?: string; product?: string; search?: string; page?: string }) => string
}

const monthText = (period: Period): string => `${shortMonth(period)} ${yearOf(period)}`
/** Parts of a row that are shown; the others are told by its own page. */
const MOST_PARTS = 6

/** The largest difference first, each with what it comes from. */
export function ReconciledTable({ found, program, isOne, address }: ReconciledTableProps) {
  const { earlier, later, rows } = found
  if (rows.length === 0) return <p className={styles['none']}>Nothing fits.</p>
  return (
    <div className={table['panel']}>
      <table className={table['table']}>
        <thead>
          <tr>
            <th scope="col">{isOne ? 'Subscription' : found.by === 'customer' ? 'Customer' : 'Product'}</th>
            <th scope="col" className={text['number']}>
              {monthText(earlier)}
            </th>
            <th scope="col" className={text['number']}>
              {monthText(later)}
            </th>
            <th scope="col" className={text['number']}>
              Difference
            </th>
            <th scope="col">Why</th>
            <th scope="col" className={text['number']}>
              Cost
            </th>
            <th scope="col" className={text['number']}>
              Margin
            </th>
            <th scope="col" className={text['number']}>
              Additions bill
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.key} row={row} found={found} program={program} isOne={isOne} address={address} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Row({
  row,
  found,
  program,
  isOne,
  address,
}: ReconciledTableProps & { readonly row: ReconciledRow }) {
  const { earlier, later, currency } = found
  const money = (value: string) => moneyText(value, currency)
  const isOff = row.billed !== null && !isZero(row.billed) && Number(row.billed) !== Number(row.later.price)
  return (
    <tr>
      <td className={styles['what']}>
        <Named row={row} found={found} program={program} isOne={isOne} address={address} />
      </td>
      <td className={text['number']} data-label={monthText(earlier)}>
        {money(row.earlier.price)}
      </td>
      <td className={text['number']} data-label={monthText(later)}>
        {money(row.later.price)}
      </td>
      <td className={text['number']} data-label={isZero(row.difference.price) ? undefined : 'Difference'}>
        {isZero(row.difference.price) ? '' : <b>{signedText(row.difference.price, currency)}</b>}
      </td>
      <td className={styles['why']}>
        {row.parts.slice(0, MOST_PARTS).map((part) => (
          <span key={`${part.text}/${part.amount.price}/${part.amount.cost}`}>
            {part.text}{' '}
            {isZero(part.amount.price) ? (
              <span className={text['quiet']}>cost {signedText(part.amount.cost, currency)}</span>
            ) : (
              signedText(part.amount.price, currency)
            )}
          </span>
        ))}
        {row.parts.length > MOST_PARTS ? (
          <span className={text['quiet']}>and {row.parts.length - MOST_PARTS} more</span>
        ) : null}
      </td>
      <td className={text['number']} data-label="Cost">
        {money(row.later.cost)}
      </td>
      <td className={text['number']} data-label="Margin">
        {money(row.margin)}
      </td>
      <td className={text['number']} data-label={row.billed === null ? undefined : 'Additions bill'}>
        {row.billed === null ? '' : isOff ? <b>{money(row.billed)}</b> : money(row.billed)}
      </td>
    </tr>
  )
}

/** One that can be looked at by itself is a link. */
function Named({
  row: { key, tenantId, customer, product, subscriptionId },
  found,
  program,
  isOne,
  address,
}: ReconciledTableProps & { readonly row: ReconciledRow }) {
  if (!isOne) {
    const name = found.by === 'customer' ? customer : product
    const own = found.by === 'customer' ? { customer: key, product: '' } : { product: key, customer: '' }
    return key === '' ? name : <Link href={address({ ...own, search: '', page: '1' })}>{name}</Link>
  }
  const first =
    found.customer === null && tenantId !== '' ? (
      <Link href={`/programs/${program}/customers/${encodeURIComponent(tenantId)}/months`} prefetch={false}>
        {customer}
      </Link>
    ) : (
      product
    )
  return (
    <>
      {first}
      <span className={styles['below']}>{subscriptionId}</span>
    </>
  )
}

'use client'
import { moneyText } from '#app/ui/kit/money.ts'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import table from '#app/ui/kit/table.module.css'
import text from '#app/ui/kit/text.module.css'
import type { WholeInvoice } from '#app/views/invoices.ts'
import { monthName, shortDay } from '#lib/billing/format.ts'
import type { Amount, Money } from '#lib/billing/types.ts'
import { useDeciding, Verbs, Why } from '../invoice-parts.tsx'
import styles from '../invoices.module.css'
import { OpenLines } from '../open-lines.tsx'

interface InvoiceTableProps {
  readonly program: string
  readonly invoices: readonly WholeInvoice[]
  readonly currency: string
  readonly mayDecide: boolean
}

/** The newest usage month first. */
export function InvoiceTable({ program, invoices, currency, mayDecide }: InvoiceTableProps) {
  const deciding = useDeciding(program)
  if (invoices.length === 0)
    return (
      <p className={styles['none']}>
        PRISM has listed no invoice yet. The first one comes with the usage of a whole month, on about the 2nd
        of the next.
      </p>
    )
  return (
    <section className={table['panel']} aria-label="Invoices">
      <div className={styles['problem']}>
        <ProblemNote problem={deciding.problem} />
      </div>
      <table className={[table['table'], styles['rows']].join(' ')}>
        <thead>
          <tr>
            <th scope="col">Usage</th>
            <th scope="col">Invoice</th>
            <th scope="col">State</th>
            <th scope="col" className={styles['number']}>
              Lines
            </th>
            <th scope="col" className={styles['number']}>
              Cost
            </th>
            <th scope="col" className={styles['number']}>
              Retail price
            </th>
            <th scope="col">
              <span className={text['hidden']}>Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {invoices.map((invoice, at) => (
            <tr key={`${invoice.id} ${at}`}>
              <td>{invoice.period === null ? 'Not known' : monthName(invoice.period)}</td>
              <td data-label="Invoice">
                {invoice.id}
                {invoice.invoicedOn === null ? null : (
                  <div className={styles['line']}>of {shortDay(invoice.invoicedOn)}</div>
                )}
              </td>
              <td>
                <Why invoice={invoice} currency={currency}>
                  <Apart what="annual terms" of={invoice.annual} currency={currency} />
                  <Apart what="credits" of={invoice.credits} currency={currency} />
                  <OpenLines program={program} invoice={invoice} currency={currency} mayDecide={mayDecide} />
                </Why>
              </td>
              <td className={styles['number']} data-label="Lines">
                {invoice.lineCount}
              </td>
              <Total label="Cost" of={invoice.totalCost} currency={currency} />
              <Total label="Retail price" of={invoice.totalPrice} currency={currency} />
              <td className={styles['verbs']}>
                {mayDecide ? <Verbs invoice={invoice} deciding={deciding} /> : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Total({ label, of, currency }: { label: string; of: Money | null; currency: string }) {
  return (
    <td className={styles['number']} data-label={of === null ? undefined : label}>
      {of === null ? '' : moneyText(of, currency)}
    </td>
  )
}

interface ApartProps {
  readonly what: string
  readonly of: (Amount & { readonly lines: number }) | null
  readonly currency: string
}

/** What of the invoice is not synced by the month. */
function Apart({ what, of, currency }: ApartProps) {
  if (of === null) return null
  return (
    <span className={styles['line']}>
      {of.lines} {of.lines === 1 ? 'line' : 'lines'} of {what}: {moneyText(of.price, currency)} retail,{' '}
      {moneyText(of.cost, currency)} cost
    </span>
  )
}

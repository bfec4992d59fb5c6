'use client'
import Link from 'next/link'
import type { ShownInvoice } from '#app/api/schemas/invoices.ts'
import { moneyText } from '#app/ui/kit/money.ts'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import table from '#app/ui/kit/table.module.css'
import text from '#app/ui/kit/text.module.css'
import { monthName } from '#lib/billing/format.ts'
import { type Deciding, useDeciding, Verbs, Why } from './invoice-parts.tsx'
import { isLeftOut, isToBeSeen } from './invoice-states.ts'
import styles from './invoices.module.css'
import { OpenLines } from './open-lines.tsx'

interface InvoiceListProps {
  readonly program: string
  readonly invoices: readonly ShownInvoice[]
  readonly currency: string
  readonly mayDecide: boolean
}

/** Invoices that a person should know of, with the way to all of them (F1). */
export function InvoiceList({ program, invoices, currency, mayDecide }: InvoiceListProps) {
  const deciding = useDeciding(program)
  const open = invoices.filter(isToBeSeen)
  const leftOut = invoices.filter(isLeftOut).length
  if (invoices.length === 0) return null
  return (
    <section className={table['panel']} id="invoices" aria-label="Invoices that are not simply used">
      <h2 className={styles['head']}>Invoices</h2>
      {open.length === 0 ? null : (
        <Rows
          program={program}
          invoices={open}
          currency={currency}
          mayDecide={mayDecide}
          deciding={deciding}
        />
      )}
      <div className={styles['problem']}>
        <ProblemNote problem={deciding.problem} />
      </div>
      <p className={styles['all']}>
        <Link href={`/programs/${program}/invoices`}>
          {invoices.length === 1 ? 'The invoice' : `All ${invoices.length} invoices`}
        </Link>
        {leftOut === 0 ? '' : `, ${leftOut} of them ignored, excluded or replaced`}
      </p>
    </section>
  )
}

interface RowsProps {
  readonly program: string
  readonly invoices: readonly ShownInvoice[]
  readonly currency: string
  readonly mayDecide: boolean
  readonly deciding: Deciding
}

function Rows({ program, invoices, currency, mayDecide, deciding }: RowsProps) {
  return (
    <table className={[table['table'], styles['rows']].join(' ')}>
      <thead>
        <tr>
          <th scope="col">Usage</th>
          <th scope="col">Invoice</th>
          <th scope="col">State</th>
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
            <td data-label="Invoice">{invoice.id}</td>
            <td>
              <Why invoice={invoice} currency={currency}>
                <OpenLines program={program} invoice={invoice} currency={currency} mayDecide={mayDecide} />
              </Why>
            </td>
            <td
              className={styles['number']}
              data-label={invoice.totalPrice === null ? undefined : 'Retail price'}
            >
              {invoice.totalPrice === null ? '' : moneyText(invoice.totalPrice, currency)}
            </td>
            <td className={styles['verbs']}>
              {mayDecide ? <Verbs invoice={invoice} deciding={deciding} /> : null}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

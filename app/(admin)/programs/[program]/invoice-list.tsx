'use client'
import Link from 'next/link'
import type { ShownInvoice } from '#app/api/schemas/invoices.ts'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import table from '#app/ui/kit/table.module.css'
import { useDeciding } from './invoice-parts.tsx'
import { InvoiceRows } from './invoice-rows.tsx'
import { isLeftOut, isToBeSeen } from './invoice-states.ts'
import styles from './invoices.module.css'

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
        <InvoiceRows
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

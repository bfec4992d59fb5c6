'use client'
import Link from 'next/link'
import { Downloads } from '#app/ui/kit/downloads.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import table from '#app/ui/kit/table.module.css'
import type { WholeInvoice } from '#app/views/invoices.ts'
import { useDeciding } from '../invoice-parts.tsx'
import { InvoiceRows } from '../invoice-rows.tsx'
import styles from '../invoices.module.css'

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
        of the next. <Link href="/going-live">See what comes before it</Link>
      </p>
    )
  return (
    <section className={table['panel']} aria-label="Invoices">
      <div className={styles['files']}>
        <Downloads path={`/api/invoices/csv?program=${program}`} />
      </div>
      <div className={styles['problem']}>
        <ProblemNote problem={deciding.problem} />
      </div>
      <InvoiceRows
        program={program}
        invoices={invoices}
        currency={currency}
        mayDecide={mayDecide}
        deciding={deciding}
        isWhole
      />
    </section>
  )
}

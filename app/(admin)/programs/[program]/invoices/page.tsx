import { notFound } from 'next/navigation'
import { requirePage } from '#app/http/page-guard.ts'
import { currencyOf } from '#app/process/clients.ts'
import { wholeInvoices } from '#app/views/invoices.ts'
import { mayDo } from '#lib/auth/actions.ts'
import { programBySlug } from '#lib/programs/registry.ts'
import { InvoiceTable } from './invoice-table.tsx'

export const metadata = { title: 'Invoices · Prism Pod' }

/** Every invoice that PRISM lists for the program: what it charges, what of that is not synced by the month, and its state (F1). */
export default async function InvoicesPage({ params }: { params: Promise<{ program: string }> }) {
  const { organisationId, role } = await requirePage('invoices.read')
  const program = programBySlug((await params).program)
  if (program === undefined) notFound()
  const [invoices, currency] = await Promise.all([
    wholeInvoices(organisationId, program),
    currencyOf(organisationId),
  ])
  return (
    <InvoiceTable
      program={program.slug}
      invoices={invoices}
      currency={currency}
      mayDecide={mayDo(role, 'invoices.decide')}
    />
  )
}

import Link from 'next/link'
import { notFound, redirect } from 'next/navigation'
import { requirePage } from '#app/http/page-guard.ts'
import { server } from '#app/process/process.ts'
import { latestMonths } from '#db/months/months.ts'
import { programBySlug } from '#lib/programs/registry.ts'
import styles from './[period]/month.module.css'

export const metadata = { title: 'Month · Prism Pod' }

/** The newest month, where there is one. */
export default async function MonthsPage({ params }: { params: Promise<{ program: string }> }) {
  const { organisationId } = await requirePage('invoices.read')
  const program = programBySlug((await params).program)
  if (program === undefined) notFound()
  const [newest] = await latestMonths(server().db, organisationId, program.slug, 1)
  if (newest !== undefined) redirect(`/programs/${program.slug}/months/${newest.period}`)
  return (
    <p className={styles['none']}>
      No invoice can be used yet. A month begins with its invoice.{' '}
      <Link href={`/programs/${program.slug}/invoices`}>See the invoices</Link>
    </p>
  )
}

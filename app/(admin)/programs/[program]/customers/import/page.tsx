import Link from 'next/link'
import { notFound } from 'next/navigation'
import { requirePage } from '#app/http/page-guard.ts'
import { exportHeadings } from '#lib/mapping-file/columns.ts'
import { programBySlug } from '#lib/programs/registry.ts'
import styles from '../customers.module.css'
import { ImportFile } from './import-file.tsx'

export const metadata = { title: 'Import mappings · Prism Pod' }

interface PageProps {
  readonly params: Promise<{ program: string }>
}

/** A file of mappings: what each row would do, then the yes to exactly that. */
export default async function ImportPage({ params }: PageProps) {
  await requirePage('customers.many')
  const program = programBySlug((await params).program)
  if (program === undefined) notFound()
  const customers = `/programs/${program.slug}/customers`
  return (
    <>
      <div className={styles['head']}>
        <Link href={customers} className={styles['crumb'] ?? ''}>
          Customers
        </Link>
        <h2>Import mappings</h2>
        <p className={styles['facts']}>
          A CSV file with a row for each customer: its tenant id or domain, the company by its id or
          identifier, the agreement by its id or name, and Sync on or off. Columns are known by their
          headings, in any order: {exportHeadings.join(', ')}. What a row leaves out stays as it is.
        </p>
        <p>
          <a href={`/api/programs/${program.slug}/mappings/csv`} download>
            Export all customers
          </a>{' '}
          to get such a file, fill it in with a spreadsheet, and choose it here.
        </p>
      </div>
      <ImportFile program={program.slug} customers={customers} />
    </>
  )
}

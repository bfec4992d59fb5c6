import type { Metadata } from 'next'
import Link from 'next/link'
import { customerMonthsQuerySchema } from '#app/api/schemas/customer-months.ts'
import { type SearchParams, searchOf } from '#app/http/search-params.ts'
import { shownTo } from '#app/http/shown-to.ts'
import { currencyOf } from '#app/process/clients.ts'
import { Downloads } from '#app/ui/kit/downloads.tsx'
import { Pages } from '#app/ui/kit/filters.tsx'
import { customerMonths } from '#app/views/customer-months.ts'
import { mayDo } from '#lib/auth/actions.ts'
import styles from '../../customers.module.css'
import { type CustomerParams, customerPage, titleOf } from '../customer-page.ts'
import { MonthsTable } from './months-table.tsx'

interface PageProps {
  readonly params: CustomerParams
  readonly searchParams: SearchParams
}

export const generateMetadata = ({ params }: PageProps): Promise<Metadata> => titleOf(params, 'Months')

/** Each usage month of the customer: invoiced, billed, and why they differ. */
export default async function CustomerMonthsPage({ params, searchParams }: PageProps) {
  const { principal, program, customer, path } = await customerPage('runs.read', params)
  const { organisationId } = principal
  const { query } = await searchOf(customerMonthsQuerySchema, searchParams)
  const [found, currency] = await Promise.all([
    customerMonths(organisationId, program.slug, customer.tenantId, query.page),
    currencyOf(organisationId),
  ])
  const { months, page, pageSize, total } = shownTo(principal, found)
  return (
    <>
      {total === 0 ? (
        <p className={styles['none']}>
          No month of this customer was synced yet. <Link href={path}>See what its first sync takes</Link>
        </p>
      ) : null}
      {total === 0 ? null : (
        <p>
          <Downloads
            path={`/api/programs/${program.slug}/customers/${encodeURIComponent(customer.tenantId)}/months/csv`}
          />
        </p>
      )}
      {months.length === 0 ? null : (
        <MonthsTable
          months={months}
          path={`${path}/months`}
          currency={currency}
          compared={
            mayDo(principal.role, 'invoices.read')
              ? { path: `/programs/${program.slug}/months`, tenantId: customer.tenantId }
              : null
          }
        />
      )}
      <Pages
        page={page}
        pageSize={pageSize}
        total={total}
        address={(number) => `${path}/months?page=${number}`}
      />
    </>
  )
}

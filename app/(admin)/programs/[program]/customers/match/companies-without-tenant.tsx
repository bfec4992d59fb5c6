'use client'
import Link from 'next/link'
import { useEffect, useState } from 'react'
import type { UnclaimedCompanies } from '#app/api/schemas/scan.ts'
import { Refused } from '#app/hooks/api.ts'
import { useApi } from '#app/hooks/use-api.ts'
import { useScan } from '#app/hooks/use-scan.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { moneyText } from '#app/ui/kit/money.ts'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import { Reading } from '#app/ui/kit/reading.tsx'
import table from '#app/ui/kit/table.module.css'
import styles from './companies-without-tenant.module.css'
import { FullScan } from './full-scan.tsx'

/** The section, closed at first: nothing is asked before it is opened. */
export function CompaniesWithoutTenantSection({ program }: { program: string }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <details className={styles['section']} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>Companies billed for Microsoft products that are no customer’s</summary>
      {isOpen ? (
        <>
          <FullScan />
          <CompaniesWithoutTenant program={program} />
        </>
      ) : null}
    </details>
  )
}

/** By the last full scan: what is billed for Microsoft's products where no customer is mapped, the largest amount first. */
export function CompaniesWithoutTenant({ program }: { program: string }) {
  const [page, setPage] = useState(1)
  const { data: scan } = useScan()
  const { data, error, mutate } = useApi(
    'GET /api/programs/{program}/companies-without-customer',
    { path: { program }, query: { page } },
    { keepPreviousData: true, revalidateOnFocus: false },
  )
  const readAt = scan?.readAt
  useEffect(() => {
    if (readAt !== undefined && readAt !== null) void mutate()
  }, [readAt, mutate])
  if (error instanceof Refused) return <ProblemNote problem={error.problem} />
  if (data === undefined) return <Reading />
  if (data.readAt === null) return null
  if (data.total === 0) return <p>Every company with additions of Microsoft’s products has its customer.</p>
  const { companies, total, amount, currency, pageSize } = data
  const last = Math.ceil(total / pageSize)
  return (
    <>
      <p>
        {total === 1 ? '1 company is' : `${total.toLocaleString('en-GB')} companies are`} billed{' '}
        <b>{moneyText(amount, currency)}</b> a month for Microsoft’s products, and PRISM’s customers are
        mapped to none of them: either the customer is not mapped yet, or nobody is invoiced for it any more.
      </p>
      <div className={table['panel']}>
        <table className={table['table']}>
          <thead>
            <tr>
              <th scope="col">Company</th>
              <th scope="col">Agreement</th>
              <th scope="col">Products</th>
              <th scope="col">Serial numbers</th>
              <th scope="col" className={styles['number']}>
                A month
              </th>
            </tr>
          </thead>
          <tbody>
            {companies.flatMap((company) =>
              company.agreements.map((agreement, at) => (
                <Row
                  key={agreement.id}
                  program={program}
                  company={company}
                  agreement={agreement}
                  isFirst={at === 0}
                  currency={currency}
                />
              )),
            )}
          </tbody>
        </table>
      </div>
      {last === 1 ? null : (
        <div className={styles['actions']}>
          <Button
            whyNot={page === 1 ? 'This is the first page.' : null}
            isWhySaid
            onClick={() => setPage(page - 1)}
          >
            Previous
          </Button>
          <span>{`Page ${page} of ${last}`}</span>
          <Button
            whyNot={page >= last ? 'This is the last page.' : null}
            isWhySaid
            onClick={() => setPage(page + 1)}
          >
            Next
          </Button>
        </div>
      )}
    </>
  )
}

interface RowProps {
  readonly program: string
  readonly company: UnclaimedCompanies['companies'][number]
  readonly agreement: UnclaimedCompanies['companies'][number]['agreements'][number]
  readonly isFirst: boolean
  readonly currency: string
}

function Row({ program, company, agreement, isFirst, currency }: RowProps) {
  const { companyName, maybe } = company
  return (
    <tr>
      <th scope="row" className={styles['company']}>
        {companyName}
        {isFirst && maybe !== null ? (
          <span>
            Maybe{' '}
            <Link
              href={`/programs/${program}/customers/${encodeURIComponent(maybe.tenantId)}`}
              prefetch={false}
            >
              {maybe.name}
            </Link>
          </span>
        ) : null}
      </th>
      <td>{agreement.name}</td>
      <td>
        {agreement.products.map(({ name, quantity }) => (
          <div key={name}>{`${quantity} × ${name}`}</div>
        ))}
      </td>
      <td>{serialsText(agreement.serials)}</td>
      <td className={styles['number']}>
        {agreement.amount === null ? 'Not billed by the month' : moneyText(agreement.amount, currency)}
      </td>
    </tr>
  )
}

/** Whose the additions are, as far as their serial numbers say. */
function serialsText({ known, unknown, none }: RowProps['agreement']['serials']): string {
  const parts = [
    known === 0 ? '' : `${known} known to PRISM`,
    unknown === 0 ? '' : `${unknown} not known to PRISM`,
    none === 0 ? '' : `${none} without`,
  ]
  return parts.filter((part) => part !== '').join(', ')
}

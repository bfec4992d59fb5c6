import type { Metadata } from 'next'
import Link from 'next/link'
import { notFound } from 'next/navigation'
import { customerMonthQuerySchema } from '#app/api/schemas/customer-months.ts'
import { month as monthSchema } from '#app/api/schemas/fields.ts'
import { pathText, type SearchParams, searchOf } from '#app/http/search-params.ts'
import { shownTo } from '#app/http/shown-to.ts'
import { currencyOf } from '#app/process/clients.ts'
import { orProblem } from '#app/ui/kit/page-problem.tsx'
import { customerMonth } from '#app/views/customer-months.ts'
import { mayDo } from '#lib/auth/actions.ts'
import { monthName } from '#lib/billing/format.ts'
import { customerPage, titleOf } from '../../customer-page.ts'
import styles from '../months.module.css'
import { OpenedMonth } from './opened-month.tsx'

interface PageProps {
  readonly params: Promise<{ readonly program: string; readonly tenantId: string; readonly period: string }>
  readonly searchParams: SearchParams
}

export const generateMetadata = async ({ params }: PageProps): Promise<Metadata> =>
  titleOf(params, monthIn((await params).period))

const monthIn = (sent: string): string => {
  const read = monthSchema.safeParse(sent)
  return read.success ? monthName(read.data) : 'Month'
}

/** A month of the customer with every change that its sync planned, and what became of it. */
export default async function CustomerMonthPage({ params, searchParams }: PageProps) {
  const { principal, program, customer, path } = await customerPage('runs.read', params)
  const { organisationId, role } = principal
  const period = monthSchema.safeParse(pathText((await params).period))
  if (!period.success) notFound()
  const { query } = await searchOf(customerMonthQuerySchema, searchParams)
  const [found, currency] = await Promise.all([
    orProblem(
      customerMonth(
        organisationId,
        program.slug,
        customer.tenantId,
        period.data,
        query.agreementId,
        query.invoiceId,
      ),
    ),
    currencyOf(organisationId),
  ])
  if ('problem' in found) notFound()
  return (
    <>
      <p className={styles['back']}>
        <Link href={`${path}/months`}>All months</Link>
      </p>
      <OpenedMonth
        month={shownTo(principal, found)}
        currency={currency}
        maySeeCost={mayDo(role, 'cost.read')}
      />
    </>
  )
}

import Link from 'next/link'
import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import type { Customer } from '#app/api/schemas/customers.ts'
import { productsQuerySchema } from '#app/api/schemas/products.ts'
import { requirePage } from '#app/http/page-guard.ts'
import { pathText, type SearchParams, searchOf } from '#app/http/search-params.ts'
import { currencyOf } from '#app/process/clients.ts'
import { StatusChip } from '#app/ui/kit/chip.tsx'
import { LocalTime } from '#app/ui/kit/local-time.tsx'
import { Mark } from '#app/ui/kit/mark.tsx'
import { orProblem, PageProblem } from '#app/ui/kit/page-problem.tsx'
import { Tabs } from '#app/ui/kit/tabs.tsx'
import { AnswersGiven } from '#app/ui/plan/answers-given.tsx'
import { firstSyncText } from '#app/ui/plan/first-sync.ts'
import { TakingBack } from '#app/ui/run/taking-back.tsx'
import { shownCustomer } from '#app/views/customers.ts'
import { checkMonthOf } from '#app/views/going-live.ts'
import { productsPage } from '#app/views/products.ts'
import { mayDo } from '#lib/auth/actions.ts'
import { programBySlug } from '#lib/programs/registry.ts'
import { SiteAnswering } from '../../../../site-answering.tsx'
import { ProductPreview } from '../../products/preview.tsx'
import styles from '../customers.module.css'
import { resultPath, STATES } from '../states.ts'
import { MappingActions } from './mapping.tsx'
import { ReviewBeforeSync } from './review-before-sync.tsx'
import { Trouble } from './trouble.tsx'

export const metadata = { title: 'Customer · Prism Pod' }

interface PageProps {
  readonly params: Promise<{ program: string; tenantId: string }>
  readonly searchParams: SearchParams
}

/** A customer: where it goes, what came of it, and its products as a sync would leave them (D5). */
export default async function CustomerPage({ params, searchParams }: PageProps) {
  const { organisationId, actor, role, via } = await requirePage('products.read')
  const { program: slug, tenantId } = await params
  const program = programBySlug(slug)
  if (program === undefined) notFound()
  const id = pathText(tenantId)
  const customer = id === null ? null : await shownCustomer(organisationId, program.slug, id)
  if (customer === null) notFound()
  const { query } = await searchOf(productsQuerySchema, searchParams)
  const found = await orProblem(
    productsPage({ organisationId, program, actor, query, tenantId: customer.tenantId }),
  )
  const checkMonth = await checkMonthOf(organisationId, program.slug, customer.tenantId)
  const maySync = mayDo(role, 'customers.sync', via)
  const customers = `/programs/${program.slug}/customers`
  const path = `${customers}/${encodeURIComponent(customer.tenantId)}`
  return (
    <>
      <Head customer={customer} customers={customers} checkMonth={checkMonth}>
        <MappingActions
          program={program.slug}
          customer={customer}
          may={{ map: mayDo(role, 'customers.map', via), sync: maySync }}
          currency={await currencyOf(organisationId)}
        />
      </Head>
      <Answers program={program.slug} customer={customer} organisationId={organisationId} may={maySync}>
        <Trouble
          customer={customer}
          organisationId={organisationId}
          program={program.slug}
          may={mayDo(role, 'customers.map', via)}
        />
        <AnswersGiven tenantId={customer.tenantId} />
        {customer.mapping === null ? null : <TakingBack undoes={null} of={customer.mapping.agreementName} />}
      </Answers>
      <Tabs label={customer.name} tabs={[{ href: path, text: 'Products' }]} />
      {'problem' in found ? (
        <PageProblem problem={found.problem} />
      ) : (
        <ProductPreview
          found={found}
          query={query}
          path={path}
          csv={`/api${path}/products/csv`}
          none="No invoice contains this customer yet, and PRISM lists no subscription of it."
        />
      )}
    </>
  )
}

interface AnswersProps {
  readonly program: string
  readonly customer: Customer
  readonly organisationId: string
  readonly may: boolean
  readonly children: ReactNode
}

/** What is wrong can be answered where it is told, once the customer is mapped. */
async function Answers({ program, customer, organisationId, may, children }: AnswersProps) {
  const { mapping, lastResult, tenantId } = customer
  if (mapping === null) return children
  const currency = await currencyOf(organisationId)
  return (
    <SiteAnswering
      program={program}
      agreementId={mapping.agreementId}
      runId={lastResult?.runId ?? null}
      currency={currency}
      may={may}
      syncs={mapping.syncEnabled ? { program, tenantId } : null}
    >
      {children}
      {lastResult === null ? <ReviewBeforeSync of={{ program, tenantId }} currency={currency} /> : null}
    </SiteAnswering>
  )
}

function Head({
  customer,
  customers,
  checkMonth,
  children,
}: {
  customer: Customer
  customers: string
  checkMonth: 1 | 2 | null
  children: ReactNode
}) {
  const { name, domain, state, running, mapping, firstSync, lastResult } = customer
  return (
    <div className={styles['head']}>
      <Link href={customers} className={styles['crumb'] ?? ''}>
        Customers
      </Link>
      <h2>
        {name} <Mark tone={STATES[state].tone}>{STATES[state].text}</Mark>
        {checkMonth === null ? null : <Mark tone="warn">Check before invoicing</Mark>}
        {running ? <span className={styles['running']}>Syncing…</span> : null}
      </h2>
      <div className={styles['facts']}>
        <span>{domain}</span>
        {mapping === null ? null : (
          <span>
            → {mapping.companyName}, {mapping.agreementName}
          </span>
        )}
        {lastResult === null ? (
          <span>{firstSyncText(firstSync?.period)}</span>
        ) : (
          <Link href={resultPath(customer)}>
            <StatusChip status={lastResult.status} /> <LocalTime at={lastResult.finishedAt} />
          </Link>
        )}
      </div>
      <div className={styles['actions']}>{children}</div>
    </div>
  )
}

import Link from 'next/link'
import { notFound } from 'next/navigation'
import { customersQuerySchema } from '#app/api/schemas/customers.ts'
import { requirePage } from '#app/http/page-guard.ts'
import { type SearchParams, searchOf } from '#app/http/search-params.ts'
import { currencyOf } from '#app/process/clients.ts'
import { server } from '#app/process/process.ts'
import { Filters, Pages, Search } from '#app/ui/kit/filters.tsx'
import { customerTroubles } from '#app/views/customer-troubles.ts'
import { customersOnPage } from '#app/views/customers.ts'
import { tenantsToMatch } from '#db/mappings/accepted.ts'
import { customerSorts, customerStates } from '#db/mappings/customers.ts'
import { tenantsThatWaitToBegin } from '#db/mappings/mappings.ts'
import { mayDo } from '#lib/auth/actions.ts'
import { programBySlug } from '#lib/programs/registry.ts'
import { CustomerTable } from './customer-table.tsx'
import styles from './customers.module.css'
import { CompaniesWithoutTenantSection } from './match/companies-without-tenant.tsx'
import { STATES } from './states.ts'
import { SyncEverybody } from './sync-everybody.tsx'
import { WaitingToBegin } from './waiting-to-begin.tsx'

export const metadata = { title: 'Customers · Prism Pod' }

interface PageProps {
  readonly params: Promise<{ program: string }>
  readonly searchParams: SearchParams
}

/** PRISM's customers, where they go and what came of it (E1). */
export default async function CustomersPage({ params, searchParams }: PageProps) {
  const { organisationId, role, via } = await requirePage('customers.read')
  const program = programBySlug((await params).program)
  if (program === undefined) notFound()
  const { query } = await searchOf(customersQuerySchema, searchParams)
  const [found, waiting, toMatch] = await Promise.all([
    customersOnPage(organisationId, program.slug, query),
    tenantsThatWaitToBegin(server().db, organisationId, program.slug),
    tenantsToMatch(server().db, organisationId, program.slug),
  ])
  const [troubles, currency] = await Promise.all([
    customerTroubles(organisationId, program.slug, found.customers),
    currencyOf(organisationId),
  ])
  const may = { map: mayDo(role, 'customers.map', via), sync: mayDo(role, 'customers.sync', via) }
  const mayMatch = mayDo(role, 'customers.many', via)
  const { search, state, sort } = query
  const { counts } = found
  const path = `/programs/${program.slug}/customers`
  const address = (more: Record<string, string>) =>
    `${path}?${new URLSearchParams({ search, state, sort, ...more })}`
  const total = customerStates.reduce((sum, each) => sum + counts[each], 0)
  if (total === 0)
    return (
      <p className={styles['none']}>
        PRISM’s customers have not been read yet. They come with the next look at PRISM, once it is connected.{' '}
        <Link href="/">See the first steps</Link>
      </p>
    )
  return (
    <>
      {waiting.length === 0 ? null : (
        <WaitingToBegin program={program.slug} count={waiting.length} may={may.map} />
      )}
      <Filters
        label="States"
        current={state}
        address={(value) => address({ state: value })}
        filters={[
          { value: '', text: 'All', count: total },
          ...[...customerStates]
            .reverse()
            .map((each) => ({ value: each, text: STATES[each].text, count: counts[each] })),
        ]}
      />
      <Search label="Customer, domain or company" value={search}>
        <span className={styles['tools']}>
          <a
            href={`/api${path.replace(/customers$/, 'mappings')}/csv?${new URLSearchParams({ search, state })}`}
            download
          >
            Export
          </a>
          {mayMatch && toMatch > 0 ? (
            <Link href={`${path}/match`} prefetch={false}>
              Match customers <b>{toMatch.toLocaleString('en-GB')}</b>
            </Link>
          ) : null}
          {may.map ? (
            <Link href={`${path}/import`} prefetch={false}>
              Import
            </Link>
          ) : null}
          {may.sync ? (
            <SyncEverybody program={program.slug} count={counts.syncing + counts.attention} />
          ) : null}
        </span>
      </Search>
      {found.page === query.page ? null : (
        <p className={styles['fewer']}>
          There are fewer pages now: page {query.page} is none of them, and this is the last.
        </p>
      )}
      <CustomerTable
        customers={found.customers}
        troubles={Object.fromEntries(troubles)}
        program={program.slug}
        currency={currency}
        sort={sort}
        addresses={Object.fromEntries(
          customerSorts.map((column) => [column, address({ sort: sort === column ? `-${column}` : column })]),
        )}
        may={may}
        filter={{ search, state }}
        total={found.total}
      />
      <Pages
        page={found.page}
        pageSize={found.pageSize}
        total={found.total}
        address={(page) => address({ page: String(page) })}
      />
      {mayDo(role, 'companies.find', via) && mayDo(role, 'customers.many', via) ? (
        <CompaniesWithoutTenantSection program={program.slug} />
      ) : null}
    </>
  )
}

import type { Metadata } from 'next'
import Link from 'next/link'
import { notFound } from 'next/navigation'
import { month as monthSchema } from '#app/api/schemas/fields.ts'
import { type ReconciliationQuery, reconciliationQuerySchema } from '#app/api/schemas/reconciliation.ts'
import { requirePage } from '#app/http/page-guard.ts'
import { type SearchParams, searchOf } from '#app/http/search-params.ts'
import { CopyText } from '#app/ui/kit/copy-text.tsx'
import { Downloads } from '#app/ui/kit/downloads.tsx'
import { Pages, Search } from '#app/ui/kit/filters.tsx'
import { isZero, moneyText } from '#app/ui/kit/money.ts'
import { Note } from '#app/ui/kit/note.tsx'
import { orProblem, PageProblem } from '#app/ui/kit/page-problem.tsx'
import { billedOtherwise, comparisonText, signedText } from '#app/ui/month/comparison-text.ts'
import { reconciliation } from '#app/views/reconciliation.ts'
import { monthName } from '#lib/billing/format.ts'
import { programBySlug } from '#lib/programs/registry.ts'
import { MonthChoice } from './month-choice.tsx'
import { ReconciledTable } from './reconciled-table.tsx'
import styles from './reconciliation.module.css'

interface PageProps {
  readonly params: Promise<{ program: string; period: string }>
  readonly searchParams: SearchParams
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const period = monthSchema.safeParse((await params).period).data
  return { title: `${period === undefined ? 'Months' : monthName(period)} compared · Prism Pod` }
}

/** What PRISM invoiced in a month against another one: price, cost, margin, what changed and why, to the cent (J5). */
export default async function ReconciliationPage({ params, searchParams }: PageProps) {
  const { organisationId } = await requirePage('invoices.read')
  const { program: slug, period: asked } = await params
  const program = programBySlug(slug)
  const period = monthSchema.safeParse(asked).data
  if (program === undefined || period === undefined) notFound()
  const { query } = await searchOf(reconciliationQuerySchema, searchParams)
  const base = `/programs/${program.slug}/months/${period}`
  const found = await orProblem(reconciliation(organisationId, program.slug, period, query, query.page))
  if ('problem' in found)
    return (
      <>
        <h2>{monthName(period)} compared</h2>
        <PageProblem problem={found.problem} />
        <p>
          <Link href={`/programs/${program.slug}/months`}>All months</Link>
        </p>
      </>
    )
  const { earlier, later, currency, customer, product, total, rows, months } = found
  const path = `${base}/reconciliation`
  const address = (more: Partial<Record<keyof ReconciliationQuery, string>>) =>
    `${path}?${new URLSearchParams({ ...keptOf(query), ...more })}`
  const isOne = customer !== null || product !== null
  const otherwise = customer === null ? null : billedOtherwise(rows)
  return (
    <div className={styles['page']}>
      <p className={styles['crumb']}>
        <Link href={base}>{monthName(period)}</Link>
        {isOne ? (
          <>
            {' / '}
            <Link href={address({ customer: '', product: '', search: '', page: '1' })}>Compared</Link>
          </>
        ) : null}
      </p>
      <div className={styles['head']}>
        <h2>
          {[
            customer?.name ?? product ?? 'All customers',
            `${monthName(later)} against ${monthName(earlier)}`,
          ].join(': ')}
        </h2>
        <MonthChoice
          months={months.filter((each) => each !== period)}
          current={period === later ? earlier : later}
          path={path}
          query={keptOf(query)}
        />
      </div>
      <dl className={styles['figures']}>
        <div>
          <dt>{monthName(earlier)}</dt>
          <dd>{moneyText(total.earlier.price, currency)}</dd>
        </div>
        <div>
          <dt>{monthName(later)}</dt>
          <dd>{moneyText(total.later.price, currency)}</dd>
        </div>
        <div>
          <dt>Difference</dt>
          <dd>{signedText(total.difference.price, currency)}</dd>
        </div>
        <div>
          <dt>Cost in {monthName(later)}</dt>
          <dd>{moneyText(total.later.cost, currency)}</dd>
        </div>
      </dl>
      {otherwise === null || isZero(otherwise) ? null : (
        <Note
          tone="warn"
          remedy="See the month’s proof on the customer’s page before you send these figures."
        >
          Of these, ConnectWise’s additions bill {signedText(otherwise, currency)} than PRISM invoiced.
        </Note>
      )}
      <Search
        label={isOne ? 'Product or subscription' : query.by === 'product' ? 'Product' : 'Customer'}
        value={query.search}
      >
        <span className={styles['tools']}>
          {isOne ? null : (
            <nav aria-label="Rows" className={styles['by']}>
              {(['customer', 'product'] as const).map((by) => (
                <Link
                  key={by}
                  href={address({ by, search: '', page: '1' })}
                  aria-current={query.by === by ? 'true' : undefined}
                >
                  By {by}
                </Link>
              ))}
            </nav>
          )}
          {customer === null || found.count > rows.length ? null : (
            <CopyText label="Copy as text" text={comparisonText(customer.name, found)} />
          )}
          <Downloads path={`/api${path}/csv?${new URLSearchParams(keptOf(query))}`} />
        </span>
      </Search>
      <ReconciledTable found={found} address={address} isOne={isOne} program={program.slug} />
      <Pages
        page={found.page}
        pageSize={found.pageSize}
        total={found.count}
        address={(page) => address({ page: String(page) })}
      />
    </div>
  )
}

/** What an address says beside its page. */
const keptOf = ({ against, by, customer, product, search }: ReconciliationQuery): Record<string, string> => ({
  ...(against === undefined ? {} : { against }),
  by,
  customer,
  product,
  search,
})

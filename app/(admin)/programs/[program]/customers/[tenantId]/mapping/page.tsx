import type { Metadata } from 'next'
import { currencyOf } from '#app/process/clients.ts'
import { Mark } from '#app/ui/kit/mark.tsx'
import { firstSyncText } from '#app/ui/plan/first-sync.ts'
import { mappingHistory } from '#app/views/mapping-history.ts'
import { SiteAnswering } from '../../../../../site-answering.tsx'
import styles from '../../customers.module.css'
import { EditMapping } from '../../edit-mapping.tsx'
import { type CustomerPage, type CustomerParams, customerPage, titleOf } from '../customer-page.ts'
import { ReviewBeforeSync } from '../review-before-sync.tsx'
import { AnnualTerms } from './annual-terms.tsx'
import { MappingHistory } from './mapping-history.tsx'

interface PageProps {
  readonly params: CustomerParams
}

export const generateMetadata = ({ params }: PageProps): Promise<Metadata> => titleOf(params, 'Mapping')

/** Where the customer goes, where it went before, and what becomes of what is there already (E2, E5, J8). */
export default async function CustomerMappingPage({ params }: PageProps) {
  const of = await customerPage('customers.read', params)
  const { principal, program, customer, may } = of
  const [currency, history] = await Promise.all([
    currencyOf(principal.organisationId),
    mappingHistory(principal.organisationId, program.slug, customer.tenantId),
  ])
  return (
    <div className={styles['parts']}>
      <section aria-labelledby="mapped-to">
        <h3 id="mapped-to">
          Now{' '}
          {may.map ? (
            <EditMapping program={program.slug} customer={customer} may={may} currency={currency} />
          ) : null}
        </h3>
        <Now {...of} />
      </section>
      <AnnualTerms program={program.slug} customer={customer} mayMap={may.map} currency={currency} />
      <Review of={of} currency={currency} />
      <section aria-labelledby="mapped-before">
        <h3 id="mapped-before">History</h3>
        <MappingHistory history={history} />
      </section>
    </div>
  )
}

function Now({ customer: { mapping, firstSync, lastResult } }: CustomerPage) {
  if (mapping === null) return <p>It is mapped to no agreement, so nobody bills it.</p>
  return (
    <p className={styles['facts']}>
      <span>
        {mapping.companyName}, {mapping.agreementName}
      </span>
      <Mark tone="quiet">{mapping.syncEnabled ? 'Sync on' : 'Sync off'}</Mark>
      {lastResult === null ? <span>{firstSyncText(firstSync?.period)}</span> : null}
    </p>
  )
}

/** Only before a first sync: afterwards nothing of it is adopted any more. */
function Review({
  of: { program, customer, may },
  currency,
}: {
  readonly of: CustomerPage
  readonly currency: string
}) {
  const { mapping, lastResult, tenantId } = customer
  if (mapping === null || lastResult !== null) return null
  return (
    <section aria-labelledby="cut-over">
      <h3 id="cut-over">Before the first sync</h3>
      <SiteAnswering
        program={program.slug}
        agreementId={mapping.agreementId}
        runId={null}
        currency={currency}
        may={may.sync}
        syncs={mapping.syncEnabled ? { program: program.slug, tenantId } : null}
      >
        <ReviewBeforeSync of={{ program: program.slug, tenantId }} currency={currency} />
      </SiteAnswering>
    </section>
  )
}

import Link from 'next/link'
import type { ReactNode } from 'react'
import { currencyOf } from '#app/process/clients.ts'
import { StatusChip } from '#app/ui/kit/chip.tsx'
import { LocalTime } from '#app/ui/kit/local-time.tsx'
import { Mark } from '#app/ui/kit/mark.tsx'
import { Tabs } from '#app/ui/kit/tabs.tsx'
import { firstSyncText } from '#app/ui/plan/first-sync.ts'
import { checkMonthOf } from '#app/views/going-live.ts'
import styles from '../customers.module.css'
import { markOf, resultPath } from '../states.ts'
import { type CustomerParams, customerPage } from './customer-page.ts'
import { MappingActions } from './mapping-actions.tsx'

interface LayoutProps {
  readonly params: CustomerParams
  readonly children: ReactNode
}

/** Who the customer is, where it goes and how it is; below, one part at a time. */
export default async function CustomerLayout({ params, children }: LayoutProps) {
  const { principal, program, customer, path, may } = await customerPage('customers.read', params)
  const { name, domain, running, mapping, firstSync, lastResult } = customer
  const [currency, checkMonth] = await Promise.all([
    currencyOf(principal.organisationId),
    checkMonthOf(principal.organisationId, program.slug, customer.tenantId),
  ])
  const mark = markOf(customer)
  return (
    <>
      <div className={styles['head']}>
        <Link href={`/programs/${program.slug}/customers`} className={styles['crumb'] ?? ''}>
          Customers
        </Link>
        <h2>
          {name} <Mark tone={mark.tone}>{mark.text}</Mark>
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
              {lastResult.status === 'Success' ? (
                <Mark tone="quiet">{lastResult.status}</Mark>
              ) : (
                <StatusChip status={lastResult.status} />
              )}{' '}
              <LocalTime at={lastResult.finishedAt} />
            </Link>
          )}
        </div>
        <div className={styles['actions']}>
          <MappingActions program={program.slug} customer={customer} may={may} currency={currency} />
        </div>
      </div>
      <Tabs
        label={name}
        tabs={[
          { href: path, text: 'Bill' },
          { href: `${path}/months`, text: 'Months' },
          { href: `${path}/products`, text: 'Products' },
          { href: `${path}/prices`, text: 'Prices' },
          { href: `${path}/mapping`, text: 'Mapping' },
          ...(may.audit ? [{ href: `${path}/audit`, text: 'Audit' }] : []),
        ]}
      />
      {children}
    </>
  )
}

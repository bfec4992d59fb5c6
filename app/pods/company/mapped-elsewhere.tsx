'use client'
import type { SuggestedCustomer } from '#app/api/schemas/company.ts'
import type { HostClient } from '#lib/host-api/client.ts'
import styles from './overview.module.css'

interface MappedElsewhereProps {
  readonly suggested: readonly SuggestedCustomer[]
  readonly host: HostClient | null
}

/** Customers that may be this company and are mapped to another one: where, and the way there, as what is open there is settled there. */
export function MappedElsewhere({ suggested, host }: MappedElsewhereProps) {
  const elsewhere = suggested.flatMap(({ customer, reasons }) =>
    customer.mapping === null ? [] : [{ customer, mapping: customer.mapping, reasons }],
  )
  if (elsewhere.length === 0) return null
  return (
    <section className={styles['elsewhere']} aria-label="Customers of this name that are mapped elsewhere">
      {elsewhere.map(({ customer, mapping, reasons }) => (
        <p key={customer.tenantId}>
          <span>
            {customer.name} ({reasons.join(', ')}) is mapped to {mapping.companyName}, {mapping.agreementName}
            . To have it here, clear its mapping there.
          </span>{' '}
          {host === null ? null : (
            <button
              type="button"
              className={styles['link']}
              onClick={() => host.openCompany(mapping.companyId)}
            >
              Open {mapping.companyName}
            </button>
          )}
        </p>
      ))}
    </section>
  )
}

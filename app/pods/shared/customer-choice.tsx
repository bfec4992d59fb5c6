'use client'
import { useState } from 'react'
import type { Customer } from '#app/api/schemas/customers.ts'
import type { CallApi } from '#app/hooks/endpoint.ts'
import { useApi } from '#app/hooks/use-api.ts'
import { useSettled } from '#app/hooks/use-settled.ts'
import styles from './mapping-form.module.css'

/** Besides those that are suggested, before anybody searches. */
const SHOWN = 6

/** A customer that may be the company, and why. */
export interface Suggested {
  readonly customer: Customer
  readonly reasons: readonly string[]
}

interface Offered {
  readonly customer: Customer
  readonly says?: string | undefined
}

/** Suggested ones until a person searches, then those that are found; none is chosen beforehand (J7). */
function offered(suggested: readonly Suggested[], isFirst: boolean, found: readonly Customer[]): Offered[] {
  if (!isFirst) return found.map((customer) => ({ customer }))
  const ids = new Set(suggested.map(({ customer }) => customer.tenantId))
  const others = found.filter(({ tenantId }) => !ids.has(tenantId))
  return [
    ...suggested.map(({ customer, reasons }) => ({ customer, says: `Suggested: ${reasons.join(', ')}` })),
    ...others.slice(0, SHOWN).map((customer) => ({ customer })),
  ]
}

interface CustomerChoiceProps {
  readonly program: string
  readonly suggested: readonly Suggested[]
  /** What to search for among the others. */
  readonly search: string
  readonly chosen: Customer | null
  readonly call: CallApi
  readonly onChoose: (customer: Customer) => void
}

/** PRISM's customers: those that may be the company, and any other by a search. */
export function CustomerChoice(props: CustomerChoiceProps) {
  const { program, suggested, chosen, call, onChoose } = props
  const [search, setSearch] = useState(props.search)
  const settled = useSettled(search)
  const { data } = useApi(
    'GET /api/programs/{program}/customers',
    { path: { program }, query: { search: settled } },
    { call, keepPreviousData: true },
  )
  const choices = offered(suggested, search === props.search, data?.customers ?? [])
  return (
    <>
      <label className={styles['search']}>
        <span>Search PRISM customers</span>
        <input type="search" value={search} onChange={(event) => setSearch(event.target.value)} />
      </label>
      <fieldset className={styles['choices']}>
        <legend>PRISM customer</legend>
        {choices.map(({ customer, says }) => (
          <OneCustomer
            key={customer.tenantId}
            customer={customer}
            says={says}
            chosen={chosen?.tenantId === customer.tenantId}
            onChoose={() => onChoose(customer)}
          />
        ))}
        {data !== undefined && search !== props.search && data.total > data.customers.length ? (
          <p className={styles['quiet']}>There are more: type more of the name, or the domain.</p>
        ) : null}
        {data !== undefined && choices.length === 0 ? (
          <p className={styles['quiet']}>
            No PRISM customer matches “{search}”. Try a shorter name or its domain.
          </p>
        ) : null}
      </fieldset>
    </>
  )
}

interface OneCustomerProps extends Offered {
  readonly chosen: boolean
  readonly onChoose: () => void
}

function OneCustomer({ customer, says, chosen, onChoose }: OneCustomerProps) {
  const { name, domain, mapping } = customer
  return (
    <label className={styles['choice']}>
      <input type="radio" name="tenant" checked={chosen} onChange={onChoose} />
      <span>
        {name} <span className={styles['quiet']}>{[domain, says].filter(Boolean).join(' · ')}</span>
        {mapping === null ? null : (
          <span className={styles['quiet']}>
            {' '}
            · now on {mapping.companyName}, {mapping.agreementName}
          </span>
        )}
      </span>
    </label>
  )
}

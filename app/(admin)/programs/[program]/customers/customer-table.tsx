'use client'
import Link from 'next/link'
import { type ReactNode, useState } from 'react'
import type { Customer } from '#app/api/schemas/customers.ts'
import type { Fit } from '#app/api/schemas/mappings.ts'
import { ChooseBox } from '#app/ui/kit/choose-box.tsx'
import { LocalTime } from '#app/ui/kit/local-time.tsx'
import { Mark } from '#app/ui/kit/mark.tsx'
import { moneyText } from '#app/ui/kit/money.ts'
import table from '#app/ui/kit/table.module.css'
import type { CustomerTrouble } from '#app/views/customer-troubles.ts'
import styles from './customers.module.css'
import { EditMapping } from './edit-mapping.tsx'
import { SelectionBar } from './selection-bar.tsx'
import { markOf, resultPath } from './states.ts'
import { TroubleLine } from './trouble-line.tsx'

interface CustomerTableProps {
  readonly customers: readonly Customer[]
  /** By tenant, of those that need attention. */
  readonly troubles: Readonly<Record<string, CustomerTrouble>>
  readonly program: string
  readonly currency: string
  /** A column, with `-` in front for descending. */
  readonly sort: string
  /** The address of the page sorted by a column, by that column. */
  readonly addresses: Readonly<Record<string, string>>
  readonly may: { readonly map: boolean; readonly sync: boolean }
  /** What the customers fit, and how many do in all. */
  readonly filter: Filter
  readonly total: number
}

type Filter = Pick<Fit, 'search' | 'state'>

const COLUMNS = [
  ['name', 'Customer'],
  ['company', 'Goes to'],
  ['state', 'State'],
  ['result', 'Last result'],
] as const

/** Those that are chosen stay so while one searches, sorts and pages: by tenant, as they were shown last. */
type Chosen = ReadonlyMap<string, Customer>

export function CustomerTable(props: CustomerTableProps) {
  const { customers, program, sort, addresses, may, filter, total } = props
  const [chosen, setChosen] = useState<Chosen>(new Map())
  const [allThatFit, setAllThatFit] = useState<Fit | null>(null)
  // Another search means others.
  const fit = allThatFit?.search === filter.search && allThatFit.state === filter.state ? allThatFit : null
  const isFiltered = filter.search !== '' || filter.state !== ''
  const canChoose = may.map || may.sync
  const isAll = customers.length > 0 && customers.every(({ tenantId }) => chosen.has(tenantId))
  const choose = (which: readonly Customer[], isChosen: boolean) => {
    setAllThatFit(null)
    const next = new Map(chosen)
    for (const customer of which)
      if (isChosen) next.set(customer.tenantId, customer)
      else next.delete(customer.tenantId)
    setChosen(next)
  }
  const current = new Map(customers.map((customer) => [customer.tenantId, customer]))
  return (
    <>
      {chosen.size === 0 ? null : (
        <SelectionBar
          program={program}
          chosen={[...chosen.values()].map((customer) => current.get(customer.tenantId) ?? customer)}
          currency={props.currency}
          may={may}
          fit={fit}
          fitting={isFiltered && isAll && total > customers.length ? total : null}
          onFit={() => setAllThatFit({ ...filter, count: total })}
          onNone={() => {
            setChosen(new Map())
            setAllThatFit(null)
          }}
        />
      )}
      {customers.length === 0 ? <p className={styles['none']}>Nothing fits.</p> : null}
      <div className={table['panel']} hidden={customers.length === 0}>
        <table className={table['table']}>
          <thead className={table['sorts']}>
            <tr>
              {COLUMNS.map(([column, text]) => (
                <SortHeader
                  key={column}
                  column={column}
                  text={text}
                  sort={sort}
                  address={addresses[column] ?? ''}
                >
                  {column === 'name' && canChoose ? (
                    <input
                      type="checkbox"
                      aria-label="Choose all on this page"
                      checked={isAll}
                      onChange={({ target }) => choose(customers, target.checked)}
                    />
                  ) : null}
                </SortHeader>
              ))}
              {may.map ? (
                <th scope="col">
                  <span className={styles['unseen']}>Mapping</span>
                </th>
              ) : null}
            </tr>
          </thead>
          <tbody>
            {customers.map((customer) => (
              <Row
                key={customer.tenantId}
                {...props}
                customer={customer}
                isChosen={canChoose ? chosen.has(customer.tenantId) : null}
                onChoose={(isChosen) => choose([customer], isChosen)}
              />
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}

interface SortHeaderProps {
  readonly column: string
  readonly text: string
  readonly sort: string
  readonly address: string
  readonly children: ReactNode
}

function SortHeader({ column, text, sort, address, children }: SortHeaderProps) {
  const order = sort === column ? 'ascending' : sort === `-${column}` ? 'descending' : undefined
  return (
    <th scope="col" aria-sort={order}>
      {children}
      <Link prefetch={false} href={address} className={styles['sort'] ?? ''}>
        {text}
        <span aria-hidden>{order === 'ascending' ? ' ↑' : order === 'descending' ? ' ↓' : ''}</span>
      </Link>
    </th>
  )
}

interface RowProps extends CustomerTableProps {
  readonly customer: Customer
  /** `null`: nothing can be done to chosen ones. */
  readonly isChosen: boolean | null
  readonly onChoose: (isChosen: boolean) => void
}

function Row({ customer, troubles, program, currency, may, isChosen, onChoose }: RowProps) {
  const { tenantId, name, domain, mapping, running, lastResult } = customer
  const mark = markOf(customer)
  const path = `/programs/${program}/customers/${encodeURIComponent(tenantId)}`
  const trouble = troubles[tenantId]
  const stateClass = trouble === undefined ? [styles['state'], table['state']].join(' ') : styles['cause']
  return (
    <tr>
      <td className={styles['who']}>
        <ChooseBox name={name} isChosen={isChosen} onChoose={onChoose} />
        <Link href={path} prefetch={false}>
          {name}
        </Link>
        <span>{domain}</span>
      </td>
      <td
        className={styles['goes']}
        data-label={mapping === null && customer.annual === null ? undefined : 'Goes to'}
      >
        {mapping === null ? null : (
          <>
            {mapping.companyName}
            <span>{mapping.agreementName}</span>
          </>
        )}
        <AnnualWaits customer={customer} path={path} currency={currency} />
      </td>
      <td className={stateClass}>
        {trouble === undefined ? (
          <Mark tone={mark.tone}>{mark.text}</Mark>
        ) : (
          <TroubleLine trouble={trouble} path={path} currency={currency} />
        )}
        {running ? <span className={styles['running']}>Syncing…</span> : null}
      </td>
      <td className={[styles['state'], styles['last']].join(' ')}>
        {lastResult === null ? null : (
          <Link href={resultPath(customer)} prefetch={false} className={styles['result'] ?? ''}>
            {lastResult.status} <LocalTime at={lastResult.finishedAt} />
          </Link>
        )}
      </td>
      {may.map ? (
        <td className={styles['edit']}>
          <EditMapping program={program} customer={customer} may={may} currency={currency} />
        </td>
      ) : null}
    </tr>
  )
}

interface AnnualWaitsProps {
  readonly customer: Customer
  readonly path: string
  readonly currency: string
}

/** What annual invoices charge of it and no One-Time agreement carries, or which one does (J9). */
function AnnualWaits({ customer: { annual }, path, currency }: AnnualWaitsProps) {
  if (annual === null) return null
  if (annual.waits !== null)
    return (
      <Link href={`${path}/mapping`} prefetch={false} className={styles['warn'] ?? ''}>
        Annual: {moneyText(annual.waits, currency)}{' '}
        {annual.mapping === null ? 'has no One-Time agreement' : 'waits, its Sync is off'}
      </Link>
    )
  return annual.mapping === null ? null : <span>Annual: {annual.mapping.agreementName}</span>
}

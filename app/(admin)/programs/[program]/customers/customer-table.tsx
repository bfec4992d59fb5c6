import Link from 'next/link'
import type { Customer } from '#app/api/schemas/customers.ts'
import { StatusChip } from '#app/ui/kit/chip.tsx'
import { LocalTime } from '#app/ui/kit/local-time.tsx'
import { Mark } from '#app/ui/kit/mark.tsx'
import table from '#app/ui/kit/table.module.css'
import styles from './customers.module.css'
import { resultPath, STATES } from './states.ts'

interface CustomerTableProps {
  readonly customers: readonly Customer[]
  readonly path: string
  /** A column, with `-` in front for descending. */
  readonly sort: string
  readonly address: (sort: string) => string
}

const COLUMNS = [
  ['name', 'Customer'],
  ['company', 'Goes to'],
  ['state', 'State'],
  ['result', 'Last result'],
] as const

export function CustomerTable({ customers, path, sort, address }: CustomerTableProps) {
  return (
    <div className={table['panel']}>
      <table className={table['table']}>
        <thead className={table['sorts']}>
          <tr>
            {COLUMNS.map(([column, text]) => (
              <SortHeader key={column} column={column} text={text} sort={sort} address={address} />
            ))}
          </tr>
        </thead>
        <tbody>
          {customers.map((customer) => (
            <Row key={customer.tenantId} customer={customer} path={path} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function SortHeader({
  column,
  text,
  sort,
  address,
}: { column: string; text: string } & Pick<CustomerTableProps, 'sort' | 'address'>) {
  const order = sort === column ? 'ascending' : sort === `-${column}` ? 'descending' : undefined
  return (
    <th scope="col" aria-sort={order}>
      <Link
        prefetch={false}
        href={address(order === 'ascending' ? `-${column}` : column)}
        className={styles['sort'] ?? ''}
      >
        {text}
        <span aria-hidden>{order === 'ascending' ? ' ↑' : order === 'descending' ? ' ↓' : ''}</span>
      </Link>
    </th>
  )
}

function Row({ customer, path }: { customer: Customer; path: string }) {
  const { tenantId, name, domain, mapping, state, running, lastResult } = customer
  return (
    <tr>
      <td className={styles['who']}>
        <Link href={`${path}/${encodeURIComponent(tenantId)}`} prefetch={false}>
          {name}
        </Link>
        <span>{domain}</span>
      </td>
      <td className={styles['who']} data-label={mapping === null ? undefined : 'Goes to'}>
        {mapping === null ? null : (
          <>
            {mapping.companyName}
            <span>{mapping.agreementName}</span>
          </>
        )}
      </td>
      <td className={[styles['state'], table['state']].join(' ')}>
        <Mark tone={STATES[state].tone}>{STATES[state].text}</Mark>
        {running ? <span className={styles['running']}>Syncing…</span> : null}
      </td>
      <td className={styles['state']}>
        {lastResult === null ? null : (
          <Link href={resultPath(customer)} prefetch={false} className={styles['result'] ?? ''}>
            <StatusChip status={lastResult.status} /> <LocalTime at={lastResult.finishedAt} />
          </Link>
        )}
      </td>
    </tr>
  )
}

'use client'
import Link from 'next/link'
import { useState } from 'react'
import type { Review, ShownChange } from '#app/api/schemas/mappings.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { Mark } from '#app/ui/kit/mark.tsx'
import { moneyText } from '#app/ui/kit/money.ts'
import table from '#app/ui/kit/table.module.css'
import { monthName } from '#lib/billing/format.ts'
import styles from './change-review.module.css'

/** Rows of a long review that are shown at first. */
const SHOWN = 100

export type Missed = 'latest' | 'all'

/** Whether somebody whose Sync is switched on again missed more than one month. */
export const asksForMissed = ({ changes }: Review): boolean =>
  changes.some(({ does, isFirst, months }) => does !== 'wrong' && !isFirst && months.length > 1)

const MISSED: Readonly<Record<Missed, string>> = {
  latest: 'The latest only: the months before it are passed over',
  all: 'All of them, in order',
}

export function MissedChoice({ missed, onChoose }: { missed: Missed; onChoose: (missed: Missed) => void }) {
  return (
    <fieldset className={styles['missed']}>
      <legend>Some missed several months while their Sync was off. Which are to be synced?</legend>
      {(['latest', 'all'] as const).map((each) => (
        <label key={each}>
          <input type="radio" name="missed" checked={each === missed} onChange={() => onChoose(each)} />{' '}
          {MISSED[each]}
        </label>
      ))}
    </fieldset>
  )
}

/** What would be done, customer by customer: what is wrong on top, and what the next syncs take in all. */
export function ChangeReview({ program, review }: { program: string; review: Review }) {
  const { changes, takes, currency } = review
  const [isAll, setAll] = useState(false)
  const hasMonths = changes.some(({ does, months }) => does === 'wrong' || months.length > 0)
  const hasRows = changes.some(({ row }) => row !== null)
  const shown = isAll ? changes : changes.slice(0, SHOWN)
  if (changes.length === 0) return null
  return (
    <>
      {takes.map(({ period, customers, price }) => (
        <p key={period} className={styles['takes']}>
          The next syncs take {monthName(period)} of{' '}
          {customers === 1 ? '1 customer' : `${customers} customers`}: PRISM’s usage is{' '}
          <b>{moneyText(price, currency)}</b>.
        </p>
      ))}
      {changes.some(({ isFirst, months }) => isFirst && months.length > 0) ? (
        <p className={styles['takes']}>
          Where ConnectWise has invoiced a first month already, it begins as the program’s options say, or
          waits until somebody says how.
        </p>
      ) : null}
      <div
        className={[table['panel'], styles['list']].join(' ')}
        role="group"
        aria-label="What would be done"
      >
        <table className={table['table']}>
          <thead>
            <tr>
              {hasRows ? <th scope="col">Row</th> : null}
              <th scope="col">Customer</th>
              <th scope="col">What is done</th>
              {hasMonths ? <th scope="col">Its next sync takes</th> : null}
            </tr>
          </thead>
          <tbody>
            {shown.map((change) => (
              <ChangeRow
                key={`${change.row}/${change.tenantId}`}
                program={program}
                change={change}
                currency={currency}
                hasRow={hasRows}
                hasMonths={hasMonths}
              />
            ))}
          </tbody>
        </table>
      </div>
      {shown.length === changes.length ? null : (
        <Button tone="plain" onClick={() => setAll(true)}>
          {`Show all ${changes.length}`}
        </Button>
      )}
    </>
  )
}

interface ChangeRowProps {
  readonly program: string
  readonly change: ShownChange
  readonly currency: string
  readonly hasRow: boolean
  readonly hasMonths: boolean
}

function ChangeRow({ program, change, currency, hasRow, hasMonths }: ChangeRowProps) {
  const { row, tenantId, from, name, domain, does, problems, months } = change
  return (
    <tr>
      {hasRow ? <td data-label="Row">{row}</td> : null}
      <td className={styles['who']}>
        {does === 'wrong' && tenantId !== null && from !== null ? (
          <Link href={`/programs/${program}/customers/${encodeURIComponent(tenantId)}`} prefetch={false}>
            {name}
          </Link>
        ) : (
          name || 'Not known'
        )}
        <span>{domain}</span>
      </td>
      <td className={styles['what']}>
        {does === 'wrong' ? (
          problems.map(({ column, says }) => (
            <p key={`${column}/${says}`} className={styles['wrong']}>
              {column === null ? null : <b>{column}: </b>}
              {says}
            </p>
          ))
        ) : (
          <Done change={change} />
        )}
      </td>
      {hasMonths ? (
        <td className={styles['months']}>
          {does === 'wrong' ? (
            <Mark tone="bad">Left out</Mark>
          ) : (
            months.map(({ period, price }) => (
              <span key={period} className={styles['month']}>
                {monthName(period)} {moneyText(price, currency)}
              </span>
            ))
          )}
        </td>
      ) : null}
    </tr>
  )
}

function Done({ change: { does, from, to } }: { change: ShownChange }) {
  if (does !== 'map')
    return (
      <>
        Sync <s>{from?.syncEnabled ? 'on' : 'off'}</s> → {to?.syncEnabled ? 'on' : 'off'}
        <span>
          {to?.companyName}, {to?.agreementName}
        </span>
      </>
    )
  return (
    <>
      Goes to {to?.companyName}, {to?.agreementName}
      <span>{to?.syncEnabled ? 'Sync on' : 'Sync off: nothing is written'}</span>
    </>
  )
}

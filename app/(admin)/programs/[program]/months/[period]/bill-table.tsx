'use client'
import Link from 'next/link'
import { useState } from 'react'
import type { Month, MonthListQuery, MonthRow } from '#app/api/schemas/months.ts'
import { callApi } from '#app/hooks/api.ts'
import { useAction } from '#app/hooks/use-action.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { ChooseBox } from '#app/ui/kit/choose-box.tsx'
import { LocalTime } from '#app/ui/kit/local-time.tsx'
import { Mark } from '#app/ui/kit/mark.tsx'
import { isZero, moneyText } from '#app/ui/kit/money.ts'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import table from '#app/ui/kit/table.module.css'
import text from '#app/ui/kit/text.module.css'
import { SecondProofFigures } from '#app/ui/month/second-proof.tsx'
import { termName } from '#app/ui/month/term-names.ts'
import { AcceptDialog, type Chosen } from './accept-dialog.tsx'
import styles from './month.module.css'
import { WhenClosed } from './when-closed.tsx'
import { billName, reasonOf, STATES } from './words.ts'

type ShownRow = Month['rows'][number]

interface BillTableProps {
  readonly program: string
  readonly month: Month
  readonly filter: MonthListQuery
  readonly mayAccept: boolean
  readonly onDone: (said: string) => void
}

const isOpen = ({ needs, accepted }: ShownRow): boolean => needs && accepted === null

/** The month's customers, what is wrong first, with what is accepted of them. */
export function BillTable({ program, month, filter, mayAccept, onDone }: BillTableProps) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [asked, setAsked] = useState<Chosen | null>(null)
  const { rows, toAccept, total } = month
  const open = rows.filter(isOpen)
  const picked = open.filter(({ bill }) => chosen.has(bill))
  const isFiltered = filter.state === 'to-accept'
  const choose = (bills: readonly string[], isChosen: boolean) => {
    const next = new Set(chosen)
    for (const bill of bills)
      if (isChosen) next.add(bill)
      else next.delete(bill)
    setChosen(next)
  }
  const accepted = (count: number) => {
    setAsked(null)
    setChosen(new Set())
    onDone(count === 1 ? '1 difference is accepted.' : `${count} differences are accepted.`)
  }
  if (rows.length === 0) return <p className={styles['none']}>Nothing fits.</p>
  return (
    <>
      {mayAccept && open.length > 0 ? (
        <div className={styles['bar']} role="group" aria-label="Accept differences">
          <Button
            whyNot={picked.length === 0 ? 'Choose differences in the list first.' : null}
            isWhySaid={picked.length > 0}
            onClick={() => setAsked({ rows: picked })}
          >
            {picked.length === 0 ? 'Accept chosen' : `Accept ${picked.length} chosen`}
          </Button>
          {isFiltered && total > 0 ? (
            <Button onClick={() => setAsked({ all: { ...filter, count: total } })}>Accept all {total}</Button>
          ) : (
            <Link href={`?${new URLSearchParams({ ...filter, state: 'to-accept' })}`} prefetch={false}>
              Show the {toAccept} that are not accepted
            </Link>
          )}
        </div>
      ) : null}
      <div className={table['panel']}>
        <table className={table['table']}>
          <thead>
            <tr>
              <th scope="col">Customer</th>
              <th scope="col">State</th>
              <th scope="col" className={styles['figure']}>
                Invoiced
              </th>
              <th scope="col" className={styles['figure']}>
                Billed
              </th>
              <th scope="col" className={styles['figure']}>
                Difference
              </th>
              <th scope="col">Reason</th>
              <th scope="col">ConnectWise</th>
              <th scope="col" className={styles['figure']}>
                Last month
              </th>
              <th scope="col">Checked</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <BillRow
                key={row.bill}
                program={program}
                month={month}
                row={row}
                isChosen={mayAccept && isOpen(row) ? chosen.has(row.bill) : null}
                mayAccept={mayAccept}
                onChoose={(isChosen) => choose([row.bill], isChosen)}
                onDone={onDone}
              />
            ))}
          </tbody>
        </table>
      </div>
      {asked === null ? null : (
        <AcceptDialog
          program={program}
          period={month.period}
          currency={month.currency}
          chosen={asked}
          onClose={() => setAsked(null)}
          onAccepted={accepted}
        />
      )}
    </>
  )
}

interface BillRowProps extends Pick<BillTableProps, 'program' | 'month' | 'mayAccept' | 'onDone'> {
  readonly row: ShownRow
  /** `null`: there is nothing to accept of it. */
  readonly isChosen: boolean | null
  readonly onChoose: (isChosen: boolean) => void
}

function BillRow({ program, month, row, isChosen, mayAccept, onChoose, onDone }: BillRowProps) {
  const money = (value: string) => moneyText(value, month.currency)
  const { text: state, tone } = STATES[row.state]
  const name = billName(row as MonthRow)
  return (
    <tr>
      <td className={styles['who']}>
        <ChooseBox name={name} isChosen={isChosen} onChoose={onChoose} />
        <Whose program={program} row={row} name={name} />
        {row.agreement === null ? null : <span>{row.agreement.name}</span>}
        {row.customers.map(({ id, name: each }) => (
          <span key={id}>
            <Link
              href={`/programs/${program}/months/${month.period}/reconciliation?customer=${encodeURIComponent(id)}`}
              aria-label={`Why it changed: ${each}`}
              prefetch={false}
            >
              Why it changed
            </Link>
          </span>
        ))}
      </td>
      <td className={table['state']}>
        <Mark tone={tone}>{state}</Mark>
      </td>
      <td className={text['number']} data-label="Invoiced">
        {money(row.invoiced.price)}
      </td>
      <td className={text['number']} data-label="Billed">
        {money(row.billed.price)}
      </td>
      <td className={text['number']} data-label="Difference">
        {isZero(row.difference.price) ? money('0') : <b>{money(row.difference.price)}</b>}
        {row.difference.cost === undefined || isZero(row.difference.cost) ? null : (
          <span className={styles['cost']}>cost {money(row.difference.cost)}</span>
        )}
      </td>
      <td className={styles['reason']} data-label="Reason">
        {reasonOf(row as MonthRow)}
        {row.terms.map(({ term, amount: { price, cost } }) => (
          <span key={term}>
            {termName(term)}
            {isZero(price) ? '' : ` ${money(price)}`}
            {cost === undefined || isZero(cost) ? '' : ` · cost ${money(cost)}`}
          </span>
        ))}
        {row.accepted === null ? null : (
          <span className={styles['accepted']}>
            Accepted by {row.accepted.by}: {row.accepted.note}{' '}
            {mayAccept ? (
              <TakeBack program={program} month={month} bill={row.bill} name={name} onDone={onDone} />
            ) : null}
          </span>
        )}
      </td>
      <td className={styles['second']} data-label="ConnectWise">
        {row.second === null ? (
          <span className={text['quiet']}>{invoicedText(row)}</span>
        ) : (
          <SecondProofFigures proof={row.second} currency={month.currency} />
        )}
        {row.closedSecond === null || month.closing === null ? null : (
          <WhenClosed kept={row.closedSecond} at={month.closing.closedAt} currency={month.currency} />
        )}
      </td>
      <td className={text['number']} data-label="Last month">
        {row.lastMonth === null ? <span className={text['quiet']}>not known</span> : money(row.lastMonth)}
      </td>
      <td className={styles['checked']} data-label="Checked">
        {row.checkedAt === null || row.runId === null ? (
          <span className={text['quiet']}>never</span>
        ) : (
          <Link href={`/runs/${row.runId}`} prefetch={false}>
            <LocalTime at={row.checkedAt} />
          </Link>
        )}
      </td>
    </tr>
  )
}

/** While it is not compared, that is all that is known of it. */
const invoicedText = ({ isInvoiced, bill }: ShownRow): string => {
  if (!bill.startsWith('agreement/')) return ''
  if (isInvoiced === null) return 'not known'
  return isInvoiced ? 'invoiced, not compared yet' : 'not invoiced yet'
}

function Whose({
  program,
  row: { customers, bill },
  name,
}: {
  program: string
  row: ShownRow
  name: string
}) {
  if (customers.length === 0)
    return bill.startsWith('lines/') ? <Link href={`/programs/${program}/invoices`}>{name}</Link> : name
  return customers.map(({ id, name: each }, at) => (
    <span key={id} className={styles['name']}>
      {at === 0 ? null : ', '}
      <Link href={`/programs/${program}/customers/${encodeURIComponent(id)}`} prefetch={false}>
        {each}
      </Link>
    </span>
  ))
}

interface TakeBackProps extends Pick<BillTableProps, 'program' | 'month' | 'onDone'> {
  readonly bill: string
  readonly name: string
}

function TakeBack({ program, month: { period }, bill, name, onDone }: TakeBackProps) {
  const { run, problem, busy } = useAction({ refreshes: false })
  const take = async () => {
    const path = { program, period }
    const isDone = await run(() =>
      callApi('POST /api/programs/{program}/months/{period}/take-back', { path, body: { bills: [bill] } }),
    )
    if (isDone) onDone(`The difference of ${name} is not accepted any more.`)
  }
  return (
    <>
      <Button tone="plain" disabled={busy} aria-label={`Take back: ${name}`} onClick={() => void take()}>
        Take back
      </Button>
      <ProblemNote problem={problem} />
    </>
  )
}

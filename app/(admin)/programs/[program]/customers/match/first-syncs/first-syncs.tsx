'use client'
import dynamic from 'next/dynamic'
import { useEffect, useState } from 'react'
import type { Customer } from '#app/api/schemas/customers.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { moneyText } from '#app/ui/kit/money.ts'
import { Progress } from '#app/ui/kit/progress.tsx'
import table from '#app/ui/kit/table.module.css'
import { TableHead } from '#app/ui/kit/table-head.tsx'
import { monthName } from '#lib/billing/format.ts'
import { FirstSyncRow } from './first-sync-row.tsx'
import styles from './first-syncs.module.css'
import { isRead, type Read, readAll } from './read-all.ts'
import { countsText, isSameBill, summedUp } from './summary.ts'

const QuestionsDialog = dynamic(() =>
  import('../../questions-dialog.tsx').then(({ QuestionsDialog }) => QuestionsDialog),
)
const SwitchDialog = dynamic(() => import('../../switch-dialog.tsx').then(({ SwitchDialog }) => SwitchDialog))

interface FirstSyncsProps {
  readonly program: string
  /** Mapped, their Sync off, and never synced. */
  readonly customers: readonly Customer[]
  readonly currency: string
}

/** One entry for each agreement, as a plan is the whole agreement's. */
const byAgreement = (customers: readonly Customer[]): Customer[][] => [
  ...Map.groupBy(customers, ({ mapping }) => mapping?.agreementId).values(),
]

const some = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`

/** What the first syncs take and write, summed, before the Sync of any is switched on (E6). */
export function FirstSyncs({ program, customers, currency }: FirstSyncsProps) {
  const [agreements] = useState(() => byAgreement(customers))
  const [results, setResults] = useState<ReadonlyMap<string, Read>>(new Map())
  const [changed, setChanged] = useState<ReadonlyMap<string, boolean>>(new Map())
  const [open, setOpen] = useState<'switch' | 'questions' | null>(null)
  const [saved, setSaved] = useState(0)
  const [reading, setReading] = useState(agreements)
  useEffect(
    () =>
      readAll(
        program,
        reading.flatMap(([first]) => first?.tenantId ?? []),
        (tenantId, read) => setResults((before) => new Map(before).set(tenantId, read)),
      ),
    [program, reading],
  )
  const resultOf = (of: readonly Customer[]): Read | undefined => results.get(of[0]?.tenantId ?? '')
  const isTicked = (of: readonly Customer[]): boolean => {
    const read = resultOf(of)
    return isRead(read) && (changed.get(of[0]?.tenantId ?? '') ?? read.blocked === 0)
  }
  const isDone = results.size === agreements.length
  const stopped = agreements.filter((of) => {
    const read = resultOf(of)
    return isRead(read) && read.blocked > 0
  })
  /** What was asked of them may be answered now. */
  const readStoppedAgain = () => {
    setOpen(null)
    const ids = new Set(stopped.map(([first]) => first?.tenantId))
    setResults((before) => new Map([...before].filter(([id]) => !ids.has(id))))
    setReading(stopped)
  }
  const ticked = agreements.filter(isTicked)
  const chosen = ticked.flat()
  const total = summedUp([...results.values()].filter(isRead))
  const refused = [...results.values()].filter((read) => !isRead(read)).length
  if (saved > 0)
    return (
      <p role="status">
        Sync is on for {some(saved, 'customer')}. The next scheduled sync writes to their agreements.
      </p>
    )
  return (
    <>
      <section className={styles['total']} aria-label="All of them together">
        {isDone ? null : (
          <Progress label="Reading ConnectWise" done={results.size} total={agreements.length} />
        )}
        <p role="status">
          {isDone
            ? `All of ${some(agreements.length, 'agreement')} ${agreements.length === 1 ? 'was' : 'were'} read; nothing was written.`
            : `Reading ConnectWise: ${results.size} of ${some(agreements.length, 'agreement')}. You can go on meanwhile; leaving the page ends it.`}
        </p>
        {total.months.map((month) => (
          <p key={month.period}>
            <b>{monthName(month.period)}</b>, {some(month.agreements, 'agreement')}: they bill{' '}
            {isSameBill(month)
              ? `${moneyText(month.after, currency)}, as now.`
              : `${moneyText(month.after, currency)} instead of ${moneyText(month.before, currency)}.`}
          </p>
        ))}
        <p>
          {countsText(total)}.
          {total.stopped === 0
            ? ''
            : ` Something is blocked on ${some(total.stopped, 'agreement')}; these are not ticked.`}
        </p>
        {total.without === 0 ? null : <p>On no invoice yet: {some(total.without, 'agreement')}.</p>}
        {refused === 0 ? null : <p>Could not be read: {some(refused, 'agreement')}.</p>}
        <div>
          <Button
            tone="primary"
            whyNot={
              isDone
                ? chosen.length === 0
                  ? 'None of them is ticked.'
                  : null
                : 'First all of them are read.'
            }
            onClick={() => setOpen('switch')}
          >
            {`Switch Sync on for ${some(chosen.length, 'customer')}`}
          </Button>{' '}
          {isDone && stopped.length > 0 ? (
            <Button onClick={() => setOpen('questions')}>
              {`Answer what is asked of ${some(stopped.length, 'agreement')}…`}
            </Button>
          ) : null}
        </div>
      </section>
      <div className={table['panel']}>
        <table className={table['table']}>
          <TableHead columns={['Customer', 'Its first sync', 'The agreement’s bill of that month']} />
          <tbody>
            {agreements.map((of) => (
              <FirstSyncRow
                key={of[0]?.tenantId}
                program={program}
                customers={of}
                read={resultOf(of)}
                currency={currency}
                isTicked={isTicked(of)}
                onTick={(is) => setChanged((before) => new Map(before).set(of[0]?.tenantId ?? '', is))}
              />
            ))}
          </tbody>
        </table>
      </div>
      {open === 'questions' ? (
        <QuestionsDialog program={program} chosen={stopped.flat()} onClose={readStoppedAgain} />
      ) : null}
      {open === 'switch' ? (
        <SwitchDialog
          program={program}
          chosen={chosen}
          fit={null}
          syncEnabled
          onClose={() => setOpen(null)}
          onSaved={() => {
            setOpen(null)
            setSaved(chosen.length)
          }}
        />
      ) : null}
    </>
  )
}

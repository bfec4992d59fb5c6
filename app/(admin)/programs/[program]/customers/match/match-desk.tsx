'use client'
import dynamic from 'next/dynamic'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { NeverMapped } from '#app/api/schemas/mappings.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { Note } from '#app/ui/kit/note.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import { Progress } from '#app/ui/kit/progress.tsx'
import { Reading } from '#app/ui/kit/reading.tsx'
import { actionOf, type DeskAction, type DeskRow } from './desk.ts'
import { DeskKeys } from './desk-keys.tsx'
import styles from './match.module.css'
import { MatchRow } from './match-row.tsx'
import { NeverList } from './never-list.tsx'
import { TakeBack } from './take-back.tsx'
import { useDesk } from './use-desk.ts'

const MappingDialog = dynamic(() =>
  import('../[tenantId]/mapping-dialog.tsx').then(({ MappingDialog }) => MappingDialog),
)
const NeverDialog = dynamic(() => import('./never-dialog.tsx').then(({ NeverDialog }) => NeverDialog))
const AcceptAllDialog = dynamic(() =>
  import('./accept-all-dialog.tsx').then(({ AcceptAllDialog }) => AcceptAllDialog),
)

interface MatchDeskProps {
  readonly program: string
  /** What was accepted together before, as far as it can be taken back. */
  readonly accepted: { readonly id: string; readonly mapped: number; readonly at: string } | null
  readonly never: NeverMapped['customers']
}

/** Customers that are mapped nowhere, one after the other, each by one key (J7). */
export function MatchDesk({ program, accepted, never }: MatchDeskProps) {
  const desk = useDesk(program)
  const { rows, at, list, said, problem, isReading } = desk
  const [open, setOpen] = useState<'other' | 'never' | 'all' | null>(null)
  const [reason, setReason] = useState('')
  const rowElements = useRef(new Map<string, HTMLElement>())
  const current = rows[at]
  const currentId = current?.customer.tenantId
  // The keyboard is where the list is; a dialog that closes gives it back to the row.
  useEffect(() => {
    if (open === null && currentId !== undefined) rowElements.current.get(currentId)?.focus()
  }, [currentId, open])

  const act = (action: DeskAction) => {
    if (action === 'other' || action === 'never') {
      if (current !== undefined && current.state.is !== 'mapped' && current.state.is !== 'saving')
        setOpen(action)
    } else desk.act(action)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const action = actionOf(event)
    if (action === null) return
    event.preventDefault()
    // A key that is held accepts nobody but the first.
    if (!event.repeat || action === 'next' || action === 'previous') act(action)
  }

  if (list === null) return problem === null ? <Reading /> : <ProblemNote problem={problem} />
  return (
    <>
      <TakeBack program={program} accepted={accepted} onTakenBack={desk.takenBack} />
      <div className={styles['tools']}>
        <span>
          {rows.length === 0
            ? 'Nobody waits to be mapped.'
            : `${rows.length} listed${list.left === 0 ? '' : `, ${list.left} more wait`}.`}{' '}
          Compared with {list.companies} companies.
        </span>
        <Button
          whyNot={rows.length === 0 ? 'Nobody waits to be mapped.' : null}
          isWhySaid
          onClick={() => setOpen('all')}
        >
          Accept all above the line…
        </Button>
      </div>
      {list.unreadable.map((each) => (
        <Note key={each.record} tone="warn" remedy="Correct it in ConnectWise, then load the page again.">
          A company cannot be read ({each.record}): {each.reason}
        </Note>
      ))}
      {rows.length === 0 ? null : (
        <div className={styles['desk']}>
          <DeskKeys row={current} onAct={act} />
          <p className={styles['said']} role="status">
            {said}
          </p>
          <ProblemNote problem={problem} />
          <div
            role="listbox"
            tabIndex={-1}
            aria-label="Customers to match"
            aria-describedby="desk-keys"
            className={styles['list']}
            onKeyDown={onKeyDown}
          >
            {rows.map((row, place) => (
              <MatchRow
                key={row.customer.tenantId}
                row={row}
                currency={list.currency}
                isCurrent={place === at}
                onChoose={() => desk.moveTo(place)}
                of={(element) => {
                  if (element === null) rowElements.current.delete(row.customer.tenantId)
                  else rowElements.current.set(row.customer.tenantId, element)
                }}
              />
            ))}
          </div>
          {isReading ? <Progress label="Reading more customers" done={0} total={0} /> : null}
          {!isReading && list.left > 0 ? (
            <Button tone="plain" onClick={() => void desk.readMore()}>
              {`Read more: ${list.left} are left`}
            </Button>
          ) : null}
        </div>
      )}
      <NeverList program={program} customers={never} onTakenBack={desk.takenBack} />
      {open === 'other' && current !== undefined ? (
        <MappingDialog
          of={{ program, tenantId: current.customer.tenantId }}
          customer={asCustomer(current)}
          may={{ map: true, sync: false }}
          currency={list?.currency ?? ''}
          onClose={() => setOpen(null)}
          onMapped={(says) => desk.chosen(current.customer.tenantId, says)}
        />
      ) : null}
      {open === 'never' && current !== undefined ? (
        <NeverDialog
          program={program}
          customer={current.customer}
          reason={reason}
          onClose={() => setOpen(null)}
          onSaid={(why) => {
            setReason(why)
            setOpen(null)
            desk.never(current.customer.tenantId, why)
          }}
        />
      ) : null}
      {open === 'all' ? (
        <AcceptAllDialog
          program={program}
          desk={desk}
          onClose={() => setOpen(null)}
          onAccepted={(acceptance, tenantIds) => {
            setOpen(null)
            desk.accepted(acceptance, tenantIds)
          }}
        />
      ) : null}
    </>
  )
}

/** As the table of customers has it, for the form. */
const asCustomer = ({ customer: { tenantId, name, domain, invoiced } }: DeskRow) => ({
  tenantId,
  name,
  domain,
  state: 'unmapped' as const,
  running: false,
  mapping: null,
  annual: null,
  firstSync: invoiced === null ? null : { invoiceId: '', period: invoiced.period },
  isBehind: false,
  lastResult: null,
})

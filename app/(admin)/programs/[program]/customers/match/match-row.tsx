import { memo } from 'react'
import { moneyText } from '#app/ui/kit/money.ts'
import { monthName } from '#lib/billing/format.ts'
import { type DeskRow, reasonsText, type Suggested, sureText } from './desk.ts'
import styles from './match.module.css'

interface MatchRowProps {
  readonly row: DeskRow
  readonly currency: string
  readonly isCurrent: boolean
  readonly onChoose: () => void
  readonly of: (element: HTMLElement | null) => void
}

function Row({ row: { customer, state }, currency, isCurrent, onChoose, of }: MatchRowProps) {
  const { name, domain, suggested, second, invoiced } = customer
  const isDone = state.is === 'mapped' || state.is === 'never'
  return (
    <div
      ref={of}
      role="option"
      aria-selected={isCurrent}
      tabIndex={isCurrent ? 0 : -1}
      className={[styles['row'], isDone ? styles['done'] : ''].join(' ')}
      onClick={onChoose}
    >
      <div className={styles['who']}>
        <b>{name}</b>
        <span>{domain}</span>
        <span>
          {invoiced === null
            ? 'On no invoice'
            : `${monthName(invoiced.period)} ${moneyText(invoiced.price, currency)}`}
        </span>
      </div>
      <div className={styles['goes']}>
        {suggested === null ? <span>No company is like it.</span> : <Candidate suggested={suggested} />}
        {second === null || isDone ? null : (
          <span className={styles['second']}>
            Or {second.company.name}
            {second.agreement === null ? '' : `, ${second.agreement.name}`} ({sureText(second)}:{' '}
            {reasonsText(second)})
          </span>
        )}
      </div>
      <StateText state={state} isAboveLine={customer.isAboveLine} />
    </div>
  )
}

/**
 * A customer with what is suggested for it. Keys are the list's; a press chooses the row. A key shows two rows anew, however many
 * there are.
 */
export const MatchRow = memo(
  Row,
  (before, after) =>
    before.row === after.row && before.isCurrent === after.isCurrent && before.currency === after.currency,
)

function Candidate({ suggested }: { suggested: Suggested }) {
  const { company, agreement } = suggested
  return (
    <>
      <b>{company.name}</b>
      {agreement === null ? (
        <span>No agreement of it can be suggested</span>
      ) : (
        <span>
          {agreement.name}: {agreement.isLikely ? '' : 'possible, '}
          {agreement.reason}
        </span>
      )}
      <span className={suggested.isLikely ? styles['likely'] : undefined}>
        {sureText(suggested)}: {reasonsText(suggested)}
      </span>
    </>
  )
}

function StateText({ state, isAboveLine }: { state: DeskRow['state']; isAboveLine: boolean }) {
  switch (state.is) {
    case 'waiting':
      return <div className={styles['state']}>{isAboveLine ? 'Above the line' : ''}</div>
    case 'skipped':
      return <div className={styles['state']}>Skipped</div>
    case 'saving':
      return <div className={styles['state']}>Saving…</div>
    case 'mapped':
      return <div className={[styles['state'], styles['good']].join(' ')}>Mapped to {state.says}</div>
    case 'failed':
      return <div className={[styles['state'], styles['bad']].join(' ')}>Not mapped: {state.says}</div>
    case 'never':
      return <div className={styles['state']}>Never mapped: {state.reason}</div>
  }
}

'use client'
import { Button } from '#app/ui/kit/button.tsx'
import type { CompanyActions } from './agreement-row.tsx'
import styles from './trouble-list.module.css'
import type { Trouble } from './troubles.ts'

/** Shown at once; the others are one press away. */
const SHOWN = 4

interface TroubleListProps extends Omit<CompanyActions, 'onStop'> {
  readonly troubles: readonly Trouble[]
}

/** What is wrong, worst first, each with its money and its button. */
export function TroubleList({ troubles, ...actions }: TroubleListProps) {
  if (troubles.length === 0) return null
  const [first, rest] = [troubles.slice(0, SHOWN), troubles.slice(SHOWN)]
  return (
    <section className={styles['troubles']} aria-label="What to look at">
      <ul>
        {first.map((trouble) => (
          <OneTrouble key={trouble.key} trouble={trouble} {...actions} />
        ))}
      </ul>
      {rest.length === 0 ? null : (
        <details className={styles['rest']}>
          <summary>{rest.length} more to look at</summary>
          <ul>
            {rest.map((trouble) => (
              <OneTrouble key={trouble.key} trouble={trouble} {...actions} />
            ))}
          </ul>
        </details>
      )}
    </section>
  )
}

interface OneTroubleProps extends Omit<TroubleListProps, 'troubles'> {
  readonly trouble: Trouble
}

function OneTrouble({ trouble, isStarting, onOpen, onSync, onMap }: OneTroubleProps) {
  const { key, tone, of, says, remedy, money, action } = trouble
  const from = `trouble/${key}`
  const press = () => {
    if (action === null) return
    if (action.kind === 'map') onMap({ customer: action.suggested.customer, agreementId: null }, from)
    else if (action.kind === 'sync') onSync(action.agreement)
    else onOpen(action.agreement, from)
  }
  const isBusy = action?.kind === 'sync' && isStarting(action.agreement.id)
  const text = isBusy ? 'Starting…' : action?.text
  return (
    <li className={[styles['trouble'], styles[tone]].join(' ')}>
      {remedy === null ? (
        <div className={styles['says']}>
          <b>{of}</b> {says}
        </div>
      ) : (
        <details className={styles['says']}>
          <summary>
            <b>{of}</b> {says} <span className={styles['more']}>What to do</span>
          </summary>
          {remedy}
        </details>
      )}
      {money === null ? null : <span className={styles['money']}>{money}</span>}
      {action === null ? null : (
        <Button
          data-key={from}
          className={styles['button']}
          disabled={isBusy}
          aria-label={`${text}: ${of}`}
          onClick={press}
        >
          {text}
        </Button>
      )}
    </li>
  )
}

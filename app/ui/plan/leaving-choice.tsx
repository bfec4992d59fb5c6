import { useState } from 'react'
import type { ShownLeaving } from '#app/api/schemas/leaving.ts'
import { Choice } from '#app/ui/kit/form.tsx'
import { moneyText, quantityText } from '#app/ui/kit/money.ts'
import { addMonths } from '#lib/billing/days.ts'
import { monthName, shortDay } from '#lib/billing/format.ts'
import type { Period } from '#lib/billing/types.ts'
import styles from './leaving-choice.module.css'

/** From which month on the agreement bills the customer no more, or that everything on it stays as it is. */
export type LeavingAnswer = { readonly from: Period } | 'leave'

/** The answer as a mapping that is saved takes it. */
export const answered = (answer: LeavingAnswer | null) => {
  if (answer === null) return {}
  return answer === 'leave' ? { leave: true } : { takesOver: answer.from }
}

/** Months that are offered, the earliest one included. */
const OFFERED = 6

const reasons = {
  invoiced: 'ConnectWise has invoiced the months before.',
  synced: 'The months before were synced there.',
  first: 'It is the first month that syncs.',
  fit: 'The new agreement cannot carry the months before.',
} as const satisfies Record<ShownLeaving['takesOver']['because'], string>

interface LeavingChoiceProps {
  readonly leaving: ShownLeaving
  /** The agreement that takes over; `null` where the mapping is cleared. */
  readonly goesTo: string | null
  readonly answer: LeavingAnswer | null
  readonly onAnswer: (answer: LeavingAnswer) => void
}

/** What stays open on the agreement that a customer leaves, what it bills a month, and what is to become of it (E5). */
export function LeavingChoice({ leaving, goesTo, answer, onAnswer }: LeavingChoiceProps) {
  const { agreementName, companyName, open, monthly, currency, takesOver } = leaving
  const [from, setFrom] = useState(takesOver.from)
  const months = Array.from({ length: OFFERED }, (_, i) => addMonths(takesOver.from, i))
  const chooseMonth = (month: Period) => {
    setFrom(month)
    onAnswer({ from: month })
  }
  return (
    <div className={styles['leaving']}>
      <p>
        On {[companyName, agreementName].filter(Boolean).join(', ')},{' '}
        {open.length === 1 ? 'one addition stays' : `${open.length} additions stay`} open and{' '}
        {open.length === 1 ? 'bills' : 'bill'} <strong>{moneyText(monthly.price, currency)}</strong> a month:
      </p>
      <ul className={styles['open']}>
        {open.map(({ additionId, product, quantity, start, end, monthly: { price } }) => (
          <li key={additionId}>
            <span>
              {quantityText(quantity)} × {product}{' '}
              <small>
                since {shortDay(start)}
                {end === null ? '' : `, to ${shortDay(end)}`}
              </small>
            </span>
            <span>{moneyText(price, currency)}</span>
          </li>
        ))}
      </ul>
      <fieldset className={styles['answers']}>
        <legend>What is to become of them</legend>
        <label className={styles['answer']}>
          <input
            type="radio"
            name="leaving"
            checked={answer !== null && answer !== 'leave'}
            onChange={() => onAnswer({ from })}
          />
          <span>{goesTo === null ? 'End them' : `End them, and ${goesTo} takes over`}</span>
        </label>
        <Choice
          label={goesTo === null ? 'Last month that is billed there' : `First month that ${goesTo} bills`}
          name="from"
          value={from}
          options={Object.fromEntries(
            months.map((month) => [month, monthName(goesTo === null ? addMonths(month, -1) : month)]),
          )}
          hint={`Not earlier: ${reasons[takesOver.because]}`}
          onChange={({ target }) => chooseMonth(target.value as Period)}
        />
        <label className={styles['answer']}>
          <input
            type="radio"
            name="leaving"
            checked={answer === 'leave'}
            onChange={() => onAnswer('leave')}
          />
          <span>
            Leave them as they are{' '}
            <small>
              They go on being billed until somebody ends them in ConnectWise
              {goesTo === null ? '.' : `, beside what ${goesTo} bills.`}
            </small>
          </span>
        </label>
      </fieldset>
    </div>
  )
}

'use client'
import type { Beginning } from '#app/api/schemas/customers.ts'
import { amountText, quantityText } from '#app/ui/kit/money.ts'
import { Note } from '#app/ui/kit/note.tsx'
import { monthName } from '#lib/billing/format.ts'
import type { FirstSync } from '#lib/billing/types.ts'
import styles from './begin-choice.module.css'
import { asksForMissed, asksToBegin, type BeginAnswer, beginningText, choiceTexts } from './first-sync.ts'

interface BeginChoiceProps {
  readonly beginning: Beginning
  readonly answer: BeginAnswer
  readonly onAnswer: (answer: BeginAnswer) => void
}

const BEGINS: readonly FirstSync[] = ['next', 'catch-up', 'elsewhere']
const MISSED = {
  latest: 'The latest only: the months before it are passed over',
  all: 'All of them, in order',
} as const

/** What the next sync of a customer takes, and what has to be said before it is switched on (E6). */
export function BeginChoice({ beginning, answer, onAnswer }: BeginChoiceProps) {
  const { months, byDefault } = beginning
  const texts = choiceTexts(beginning)
  const begin = answer.begin ?? beginning.begin ?? byDefault
  const missed = answer.missed ?? 'latest'
  return (
    <>
      {asksToBegin(beginning) ? (
        <fieldset className={styles['choices']}>
          <legend>{beginningText(beginning)} How is the customer to begin?</legend>
          {beginning.alsoBilled.map(({ agreementName, additionId, product, quantity, price }) => (
            <Note key={additionId} tone="warn">
              {agreementName} of the same company bills {quantityText(quantity)} x {product} already,{' '}
              {amountText(price)} a month.
            </Note>
          ))}
          {BEGINS.map((each) => (
            <label key={each} className={styles['choice']}>
              <input
                type="radio"
                name="begin"
                checked={each === begin}
                onChange={() => onAnswer({ ...answer, begin: each })}
              />
              <span>{texts[each]}</span>
            </label>
          ))}
        </fieldset>
      ) : (
        <p className={styles['known']}>{beginningText(beginning)}</p>
      )}
      {asksForMissed(beginning) ? (
        <fieldset className={styles['choices']}>
          <legend>
            Missed meanwhile:{' '}
            {months.map(({ period, price }) => `${monthName(period)} (${amountText(price)})`).join(', ')}.
            Which is to be synced?
          </legend>
          {(['latest', 'all'] as const).map((each) => (
            <label key={each} className={styles['choice']}>
              <input
                type="radio"
                name="missed"
                checked={each === missed}
                onChange={() => onAnswer({ ...answer, missed: each })}
              />
              <span>{MISSED[each]}</span>
            </label>
          ))}
        </fieldset>
      ) : null}
    </>
  )
}

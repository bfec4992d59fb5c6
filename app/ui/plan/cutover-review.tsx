'use client'
import { useState } from 'react'
import { Button } from '#app/ui/kit/button.tsx'
import { moneyText, quantityText } from '#app/ui/kit/money.ts'
import { monthName } from '#lib/billing/format.ts'
import type { AskedAddition } from '#lib/billing/types.ts'
import { AdditionDialog } from './addition-dialog.tsx'
import { useAnswering } from './answering.tsx'
import styles from './cutover-review.module.css'
import { askedOf, billText, changeText, fatesShown, fateTitle } from './cutover-texts.ts'
import type { CutoverAddition, CutoverReview } from './shown.ts'

interface CutoverReviewProps {
  readonly review: CutoverReview
  readonly currency: string
  /** Something may have been said of an addition. */
  readonly onAnswered: () => void
}

/** What becomes of each addition of an agreement whose customer begins here, with the answers beside it (F5, F9). */
export function CutoverReviewView({ review, currency, onAnswered }: CutoverReviewProps) {
  const answering = useAnswering()
  const [asked, setAsked] = useState<AskedAddition | null>(null)
  const byFate = Map.groupBy(review.additions, ({ fate }) => fate)
  return (
    <section className={styles['review']} aria-label="What becomes of the additions">
      <p>{billText(review, currency)}</p>
      {fatesShown.map((fate) => {
        const additions = byFate.get(fate) ?? []
        if (additions.length === 0) return null
        return (
          <details key={fate} open={fate === 'blocked' || fate === 'asked'}>
            <summary>{fateTitle(fate, additions.length)}</summary>
            <ul className={styles['list']}>
              {additions.map((addition) => (
                <Reviewed
                  key={addition.additionId}
                  addition={addition}
                  currency={currency}
                  month={monthName(review.period)}
                  onAsk={answering?.may ? setAsked : null}
                />
              ))}
            </ul>
          </details>
        )
      })}
      {answering === null || asked === null ? null : (
        <AdditionDialog
          answering={answering}
          asked={asked}
          period={review.period}
          onClose={() => {
            setAsked(null)
            onAnswered()
          }}
        />
      )}
    </section>
  )
}

interface ReviewedProps {
  readonly addition: CutoverAddition
  readonly currency: string
  readonly month: string
  /** `null`: this person may not answer. */
  readonly onAsk: ((asked: AskedAddition) => void) | null
}

function Reviewed({ addition, currency, month, onAsk }: ReviewedProps) {
  const { additionId, product, quantity, bills, reason } = addition
  const asked = onAsk === null ? null : askedOf(addition)
  const written = changeText(addition)
  return (
    <li>
      <span>
        {product}, addition {additionId}: {quantityText(quantity)}, {moneyText(bills.before.price, currency)}{' '}
        in {month}
        {[written, reason?.message ?? ''].map((text) =>
          text === '' ? null : (
            <span key={text} className={styles['why']}>
              {text}
            </span>
          ),
        )}
      </span>
      {asked === null || onAsk === null ? null : (
        <Button
          tone="plain"
          aria-label={`Say what it is: addition ${additionId}`}
          onClick={() => onAsk(asked)}
        >
          Say what it is
        </Button>
      )}
    </li>
  )
}

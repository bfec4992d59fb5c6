'use client'
import { useState } from 'react'
import type { Answers } from '#app/api/schemas/answers.ts'
import { moneyText, quantityText } from '#app/ui/kit/money.ts'
import { monthName, shortDay } from '#lib/billing/format.ts'
import { followsText } from '#lib/billing/sync-follows.ts'
import { TakeBack } from './answer-parts.tsx'
import { billedText, saidText } from './answer-texts.ts'
import type { Answering } from './answering.tsx'
import { takeBilledBack } from './billed-answer.tsx'
import { mutedText } from './muted-text.ts'
import styles from './row-answers.module.css'
import { takeBackOf, unskip } from './row-answers.tsx'

interface AnswersListProps {
  readonly answering: Answering
  readonly given: Answers
  /** The skipped months that are listed. */
  readonly months: Answers['skipped']
  /** What is muted that is listed. */
  readonly mutes: Answers['mutes']
}

/** What was said of additions and invoices, what is skipped, undone or muted, each with the way to take it back. */
export function AnswersList({ answering, given, months, mutes }: AnswersListProps) {
  const [planned, setPlanned] = useState<string | null>(null)
  const { answers, billed, lines, subscriptions } = given
  const count = answers.length + billed.length + lines.length + months.length + mutes.length
  if (count === 0 && planned === null) return null
  return (
    <section className={styles['given']} aria-label="What was answered">
      <h3>What was answered</h3>
      <p role="status">{planned}</p>
      <ul>
        {answers.map((each) => (
          <li key={each.additionId} className={styles['line']}>
            <span>
              Addition {each.additionId} {saidText(each, subscriptions)}, as {each.by} said.
            </span>
            {answering.may ? (
              <TakeBack
                answering={answering}
                label={`Take back what was said of addition ${each.additionId}`}
                work={() => takeBackOf(answering, each.additionId)}
              />
            ) : null}
          </li>
        ))}
        {billed.map((each) => (
          <li key={`${each.additionId}/${each.through}`} className={styles['line']}>
            <span>
              The invoice until {shortDay(each.through)} bills addition {each.additionId}{' '}
              {billedText(each.billed)}, as {each.by} said.
            </span>
            {answering.may ? (
              <TakeBack
                answering={answering}
                label={`Take back what was said of addition ${each.additionId} on the invoice until ${shortDay(each.through)}`}
                work={() => takeBilledBack(answering, each)}
              />
            ) : null}
          </li>
        ))}
        {lines.map((each) => (
          <li key={each.lineId} className={styles['line']}>
            <SaidOfLine answering={answering} said={each} />
          </li>
        ))}
        {months.map((each) => (
          <li key={`${each.subscriptionId}/${each.period}`} className={styles['line']}>
            <Skipped answering={answering} month={each} onPlanned={setPlanned} />
          </li>
        ))}
        {mutes.map((each) => (
          <li key={each.id} className={styles['line']}>
            <span>
              {each.says}. {mutedText(each)}
            </span>
            {answering.may ? (
              <TakeBack
                answering={answering}
                label={`Unmute: ${each.says}`}
                text="Unmute"
                work={() => unmute(answering, each)}
              />
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  )
}

const unmute = ({ call, program }: Answering, { id, tenantId }: Answers['mutes'][number]) =>
  call('DELETE /api/programs/{program}/customers/{tenantId}/mutes/{id}', {
    path: { program, tenantId, id },
  })

interface SaidOfLineProps {
  readonly answering: Answering
  readonly said: Answers['lines'][number]
}

/** Of a line of an annual invoice (J9); one whose addition was written is undone with its sync. */
function SaidOfLine({ answering, said }: SaidOfLineProps) {
  const { lineId, invoiceId, says, offer, quantity, first, last, price, isWritten, by } = said
  const what = `${quantityText(quantity)} of ${offer}, ${shortDay(first)} to ${shortDay(last)} (annual invoice ${invoiceId})`
  return (
    <>
      <span>
        {what} {says === 'carry' ? 'is billed here' : 'is billed otherwise'},{' '}
        {moneyText(price, answering.currency)}, as {by} said.
      </span>
      {answering.may && !isWritten ? (
        <TakeBack
          answering={answering}
          label={`Take back what was said of ${what}`}
          work={() =>
            answering.call('PUT /api/programs/{program}/agreements/{agreementId}/line-answers', {
              path: { program: answering.program, agreementId: answering.agreementId },
              body: { lineId, says: null },
            })
          }
        />
      ) : null}
    </>
  )
}

interface SkippedProps {
  readonly answering: Answering
  readonly month: Answers['skipped'][number]
  readonly onPlanned: (sentence: string) => void
}

function Skipped({ answering, month, onPlanned }: SkippedProps) {
  const { product, period, amount, by, isUndone } = month
  const what = `${monthName(period)} of ${product}`
  const takeBack = async () => {
    const { planned, follows } = await unskip(answering, month)
    onPlanned(
      `${what} is planned again, ${moneyText(planned.price, answering.currency)}. ${followsText[follows]}`,
    )
  }
  return (
    <>
      <span>
        {what} is {isUndone ? 'undone' : 'skipped'}, {moneyText(amount.price, answering.currency)}, as {by}{' '}
        said.
      </span>
      {answering.maySkip ? (
        <TakeBack
          answering={answering}
          label={isUndone ? `Release ${what}` : `Take back that ${what} is skipped`}
          text={isUndone ? 'Release' : 'Take back'}
          work={takeBack}
        />
      ) : null}
    </>
  )
}

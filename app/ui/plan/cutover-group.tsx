'use client'
import Link from 'next/link'
import { type ReactNode, useId, useState } from 'react'
import { callApi } from '#app/hooks/api.ts'
import { useAction } from '#app/hooks/use-action.ts'
import { Button } from '#app/ui/kit/button.tsx'
import form from '#app/ui/kit/form.module.css'
import { moneyText, quantityText } from '#app/ui/kit/money.ts'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import table from '#app/ui/kit/table.module.css'
import type { CutoverAnswer } from '#lib/billing/cutover-question-types.ts'
import { addMonths, lastDay, periodOf } from '#lib/billing/days.ts'
import { shortDay } from '#lib/billing/format.ts'
import type { Day } from '#lib/billing/types.ts'
import {
  type AskedOf,
  answerHint,
  answersOf,
  answerText,
  type CutoverGroup,
  endsFromOf,
  groupTitle,
  keyOf,
  namedBy,
} from './cutover-groups.ts'
import styles from './cutover-questions.module.css'
import choices from './row-answers.module.css'

/** What was answered for many, so that it can be taken back. */
export interface Given {
  readonly answer: CutoverAnswer
  readonly endsOn: Day | null
  readonly asked: readonly AskedOf[]
}

interface CutoverGroupProps {
  readonly program: string
  readonly group: CutoverGroup
  readonly currency: string
  readonly onGiven: (given: Given) => void
  /** What is asked is another question by now. */
  readonly onStale: () => void
}

const LATER_ENDS = 12

/** One question of many customers: who is asked, what each answer would mean, and one answer for those that are chosen. */
export function CutoverGroupView({ program, group, currency, onGiven, onStale }: CutoverGroupProps) {
  const name = useId()
  const { busy, problem, run } = useAction({ refreshes: false })
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const chosen = group.asked.filter((each) => !left.has(keyOf(each)))
  const offered = answersOf(chosen)
  const [wanted, setWanted] = useState<CutoverAnswer | null>(null)
  const answer = wanted !== null && offered.includes(wanted) ? wanted : (offered[0] ?? null)
  const from = endsFromOf(chosen)
  const [endsOn, setEndsOn] = useState<Day | null>(null)
  const end = endsOn !== null && from !== null && endsOn >= from ? endsOn : from
  const isSingle = group.kind === 'whose'
  const toggle = (key: string) => {
    const next = new Set(left)
    if (!next.delete(key)) next.add(key)
    setLeft(next)
  }
  const save = async () => {
    if (answer === null || chosen.length === 0) return
    const ends = answer === 'ends' && end !== null ? { endsOn: end } : {}
    const body = {
      answer,
      ...ends,
      questions: chosen.map((each) => ({ ...namedBy(each), seen: each.question.seen })),
    }
    const isSaved = await run(() =>
      callApi('POST /api/programs/{program}/customers/answers', { path: { program }, body }),
    )
    if (isSaved) onGiven({ answer, endsOn: answer === 'ends' ? end : null, asked: chosen })
  }
  return (
    <details className={styles['group']}>
      <summary>{groupTitle(group)}</summary>
      <div className={[table['panel'], styles['list']].join(' ')} role="group" aria-label="Who is asked">
        <table className={table['table']}>
          <thead>
            <tr>
              {isSingle ? null : <th scope="col">Answered</th>}
              <th scope="col">Customer</th>
              <th scope="col">What is asked</th>
              <th scope="col">A month</th>
              {answer === null ? null : <th scope="col">The first month then</th>}
            </tr>
          </thead>
          <tbody>
            {group.asked.map((each) => (
              <AskedRow
                key={keyOf(each)}
                program={program}
                asked={each}
                answer={answer}
                currency={currency}
                isChosen={!left.has(keyOf(each))}
                onToggle={isSingle ? null : () => toggle(keyOf(each))}
              />
            ))}
          </tbody>
        </table>
      </div>
      {isSingle ? (
        <p>Each is answered on its customer’s page, where it is said which subscription it bills.</p>
      ) : (
        <form onSubmit={(event) => event.preventDefault()}>
          <fieldset className={choices['choices']} aria-label="The answer for all that are chosen">
            {offered.map((each) => (
              <AnswerChoice key={each} name={name} answer={each} chosen={answer} onChoose={setWanted}>
                {each === 'ends' && from !== null ? (
                  <label className={form['bare']}>
                    <span>Their last day</span>
                    <select value={end ?? from} onChange={({ target }) => setEndsOn(target.value as Day)}>
                      {endsOf(from).map((day) => (
                        <option key={day} value={day}>
                          {shortDay(day)}
                        </option>
                      ))}
                    </select>
                  </label>
                ) : null}
              </AnswerChoice>
            ))}
          </fieldset>
          <ProblemNote problem={problem} />
          <div className={styles['actions']}>
            <Button
              tone="primary"
              disabled={busy}
              whyNot={
                answer === null
                  ? 'Choose an answer first.'
                  : chosen.length === 0
                    ? 'None of them is ticked.'
                    : null
              }
              onClick={() => void save()}
            >
              {`Answer ${chosen.length === 1 ? '1 question' : `${chosen.length} questions`}`}
            </Button>
            {problem?.code === 'conflict' ? (
              <Button disabled={busy} onClick={onStale}>
                Look again
              </Button>
            ) : null}
          </div>
        </form>
      )}
    </details>
  )
}

/** Ends of months, from the first that is possible. */
const endsOf = (from: Day): Day[] =>
  Array.from({ length: LATER_ENDS }, (_, at) => lastDay(addMonths(periodOf(from), at)))

interface AskedRowProps {
  readonly program: string
  readonly asked: AskedOf
  readonly answer: CutoverAnswer | null
  readonly currency: string
  readonly isChosen: boolean
  /** `null`: it is answered by itself. */
  readonly onToggle: (() => void) | null
}

function AskedRow({ program, asked, answer, currency, isChosen, onToggle }: AskedRowProps) {
  const { agreement, question } = asked
  const { customers, agreementName, summary } = agreement
  const names = customers.map(({ name }) => name).join(', ')
  const then = question.answers.find((each) => each.answer === answer)
  const what =
    question.additionId === null
      ? question.product
      : `Addition ${question.additionId}: ${quantityText(question.quantity)} x ${question.product}`
  return (
    <tr>
      {onToggle === null ? null : (
        <td data-label="Answered">
          <input type="checkbox" checked={isChosen} onChange={onToggle} aria-label={`${names}: ${what}`} />
        </td>
      )}
      <td>
        {customers.map(({ tenantId, name }) => (
          <Link
            key={tenantId}
            href={`/programs/${program}/customers/${encodeURIComponent(tenantId)}`}
            prefetch={false}
          >
            {name}
          </Link>
        ))}
        <span className={styles['why']}>{agreementName}</span>
      </td>
      <td>
        {what}
        {question.serialNumber === '' ? null : (
          <span className={styles['why']}>Serial Number {question.serialNumber}</span>
        )}
        <span className={styles['why']}>{question.says}</span>
      </td>
      <td data-label="A month">{moneyText(question.monthly, currency)}</td>
      {answer === null ? null : (
        <td data-label="The first month then">
          {then === undefined || !isChosen ? (
            'Left out'
          ) : (
            <>
              {moneyText(then.bills, currency)}
              {summary === null ? null : (
                <span className={styles['why']}>
                  {moneyText(summary.bills.before, currency)} now, PRISM{' '}
                  {moneyText(summary.invoiced.price, currency)}
                </span>
              )}
            </>
          )}
        </td>
      )}
    </tr>
  )
}

interface AnswerChoiceProps {
  /** Of the group's radio buttons. */
  readonly name: string
  readonly answer: CutoverAnswer
  readonly chosen: CutoverAnswer | null
  readonly onChoose: (answer: CutoverAnswer) => void
  readonly children?: ReactNode
}

function AnswerChoice({ name, answer, chosen, onChoose, children }: AnswerChoiceProps) {
  const id = useId()
  return (
    <div>
      <label className={choices['choice']} htmlFor={id}>
        <input
          id={id}
          type="radio"
          name={name}
          checked={chosen === answer}
          onChange={() => onChoose(answer)}
        />
        <span>
          {answerText(answer)}
          <small>{answerHint(answer)}</small>
        </span>
      </label>
      {chosen === answer ? children : null}
    </div>
  )
}

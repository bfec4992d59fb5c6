'use client'
import { type ReactNode, useId, useState } from 'react'
import type { Answers } from '#app/api/schemas/answers.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { Dialog, DialogActions } from '#app/ui/kit/dialog.tsx'
import form from '#app/ui/kit/form.module.css'
import { moneyText, quantityText } from '#app/ui/kit/money.ts'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import { monthName, shortDay } from '#lib/billing/format.ts'
import { subscriptionKey } from '#lib/billing/keys.ts'
import type { AskedAddition, Day, Period } from '#lib/billing/types.ts'
import { monthEnds } from './answer-texts.ts'
import { type Answering, useAnswer } from './answering.tsx'
import styles from './row-answers.module.css'

type Answer = Answers['answers'][number]['answer']

const ANSWERING = 'PUT /api/programs/{program}/agreements/{agreementId}/additions/{additionId}/answer'

interface AdditionDialogProps {
  readonly answering: Answering
  readonly asked: AskedAddition
  readonly period: Period
  readonly onClose: () => void
}

/** Whose an addition is, that it is nobody's, that it stays, or when it ends (F5). */
export function AdditionDialog({ answering, asked, period, onClose }: AdditionDialogProps) {
  const { busy, problem, act } = useAnswer(answering)
  const [answer, setAnswer] = useState<Answer | null>(null)
  const subscriptions = answering.given?.subscriptions ?? []
  const owners = subscriptions.filter(({ id }) => asked.owners.includes(subscriptionKey(id)))
  const others = subscriptions.filter((each) => !owners.includes(each))
  const [whose, setWhose] = useState(owners[0]?.id ?? others[0]?.id ?? '')
  const [{ ends, offered }] = useState(() => monthEnds(period, new Date().toISOString().slice(0, 10) as Day))
  const [endsOn, setEndsOn] = useState<string>(offered)
  const save = async () => {
    if (answer === null) return
    const { call, program, agreementId } = answering
    const path = { program, agreementId, additionId: asked.additionId }
    const body = {
      answer,
      ...(answer === 'subscription' ? { subscriptionId: whose } : {}),
      ...(answer === 'ends' ? { endsOn } : {}),
    }
    if (await act(() => call(ANSWERING, { path, body }))) onClose()
  }
  const choose = (of: Answer) => ({ of, chosen: answer, onChoose: setAnswer })
  const { additionId, quantity, serialNumber, billed } = asked
  return (
    <Dialog title={`What is addition ${additionId}?`} onClose={onClose}>
      <p>
        Quantity {quantityText(quantity)},{' '}
        {serialNumber === '' ? 'no Serial Number' : `Serial Number ${serialNumber}`}, bills{' '}
        {moneyText(billed, answering.currency)} in {monthName(period)}.
      </p>
      <form onSubmit={(event) => event.preventDefault()}>
        <fieldset className={styles['choices']} aria-label={`What addition ${additionId} is`}>
          {subscriptions.length === 0 ? null : (
            <Choice {...choose('subscription')} text="It bills a subscription">
              <label className={form['bare']}>
                <span>Subscription</span>
                <select value={whose} onChange={({ target }) => setWhose(target.value)}>
                  <Options label="With its product" subscriptions={owners} />
                  <Options label={owners.length === 0 ? 'All' : 'Others'} subscriptions={others} />
                </select>
              </label>
            </Choice>
          )}
          <Choice
            {...choose('nobody')}
            text="It is nobody’s"
            hint="It has nothing to do with PRISM. It is not touched."
          />
          <Choice
            {...choose('stays')}
            text="It stays as it is"
            hint="It is not touched, and its amount is shown apart."
          />
          <Choice {...choose('ends')} text="It ends" hint="Never before what ConnectWise has invoiced.">
            <label className={form['bare']}>
              <span>Its last day</span>
              <select value={endsOn} onChange={({ target }) => setEndsOn(target.value)}>
                {ends.map((end) => (
                  <option key={end} value={end}>
                    {shortDay(end)}
                  </option>
                ))}
              </select>
            </label>
          </Choice>
        </fieldset>
        <ProblemNote problem={problem} />
        <DialogActions>
          <Button disabled={busy} onClick={onClose}>
            Cancel
          </Button>
          <Button
            tone="primary"
            disabled={busy}
            whyNot={answer === null ? 'Choose what it is.' : null}
            onClick={() => void save()}
          >
            Save the answer
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}

interface ChoiceProps {
  readonly of: Answer
  readonly chosen: Answer | null
  readonly onChoose: (of: Answer) => void
  readonly text: string
  readonly hint?: string
  /** What more is chosen with it. */
  readonly children?: ReactNode
}

function Choice({ of, chosen, onChoose, text, hint, children }: ChoiceProps) {
  const id = useId()
  return (
    <div>
      <label className={styles['choice']} htmlFor={id}>
        <input id={id} type="radio" name="answer" checked={chosen === of} onChange={() => onChoose(of)} />
        <span>
          {text}
          {hint === undefined ? null : <small>{hint}</small>}
        </span>
      </label>
      {children === undefined || chosen !== of ? null : <div className={styles['of']}>{children}</div>}
    </div>
  )
}

function Options({ label, subscriptions }: { label: string; subscriptions: Answers['subscriptions'] }) {
  if (subscriptions.length === 0) return null
  return (
    <optgroup label={label}>
      {subscriptions.map(({ id, product }) => (
        <option key={id} value={id}>
          {product}, {id}
        </option>
      ))}
    </optgroup>
  )
}

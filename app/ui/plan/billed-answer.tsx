'use client'
import { useId, useState } from 'react'
import { Button } from '#app/ui/kit/button.tsx'
import { Dialog, DialogActions } from '#app/ui/kit/dialog.tsx'
import { moneyText } from '#app/ui/kit/money.ts'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import { shortDay } from '#lib/billing/format.ts'
import type { BilledAs, Day } from '#lib/billing/types.ts'
import { Noted, TakeBack } from './answer-parts.tsx'
import { billedText } from './answer-texts.ts'
import { type Answering, useAnswer } from './answering.tsx'
import styles from './row-answers.module.css'
import type { Amount, AskedInvoice } from './shown.ts'

interface BilledAnswerProps {
  readonly answering: Answering
  readonly asked: AskedInvoice
}

/** What ConnectWise's invoice bills of an addition, where that is not known: both amounts, and the way to say which. */
export function BilledAnswer({ answering, asked }: BilledAnswerProps) {
  const [isOpen, setOpen] = useState(false)
  const { additionId, through, before, after } = asked
  const { currency, given } = answering
  const said = given?.billed.find((each) => each.additionId === additionId && each.through === through)
  const ask = said === undefined ? 'Say what it bills' : 'Say otherwise'
  const which = `addition ${additionId} on the invoice until ${shortDay(through)}`
  return (
    <div className={styles['line']}>
      <span>
        Addition {additionId}, invoice until {shortDay(through)}: {moneyText(before.price, currency)} as it
        was before, {moneyText(after.price, currency)} as it was after
      </span>
      {said === undefined ? null : (
        <Noted answering={answering} text={`It was billed ${billedText(said.billed)}, as ${said.by} said.`} />
      )}
      <Button aria-label={`${ask}: ${which}`} onClick={() => setOpen(true)}>
        {ask}
      </Button>
      {said === undefined ? null : (
        <TakeBack
          answering={answering}
          label={`Take back what was said of ${which}`}
          work={() => takeBilledBack(answering, asked)}
        />
      )}
      {isOpen ? (
        <BilledDialog
          answering={answering}
          asked={asked}
          said={said?.billed ?? 'before'}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </div>
  )
}

interface Invoiced {
  readonly additionId: number
  readonly through: Day
}

const pathOf = ({ program, agreementId }: Answering, { additionId, through }: Invoiced) => ({
  program,
  agreementId,
  additionId,
  through,
})

export const takeBilledBack = (answering: Answering, invoiced: Invoiced) =>
  answering.call(
    'DELETE /api/programs/{program}/agreements/{agreementId}/additions/{additionId}/billed/{through}',
    { path: pathOf(answering, invoiced) },
  )

const SAYING = 'PUT /api/programs/{program}/agreements/{agreementId}/additions/{additionId}/billed/{through}'

interface BilledDialogProps extends BilledAnswerProps {
  /** What is chosen at first. */
  readonly said: BilledAs
  readonly onClose: () => void
}

export function BilledDialog({ answering, asked, said, onClose }: BilledDialogProps) {
  const { busy, problem, act } = useAnswer(answering)
  const [billed, setBilled] = useState<BilledAs>(said)
  const { additionId, through } = asked
  const save = async () => {
    const given = { path: pathOf(answering, asked), body: { billed } }
    if (await act(() => answering.call(SAYING, given))) onClose()
  }
  const choose = (of: BilledAs) => ({ of, chosen: billed, onChoose: setBilled, currency: answering.currency })
  return (
    <Dialog title={`What does the invoice until ${shortDay(through)} bill?`} onClose={onClose}>
      <p>
        Addition {additionId} was changed or deleted in ConnectWise around that invoice. Look at the invoice
        there; what you choose is what is planned with.
      </p>
      <form onSubmit={(event) => event.preventDefault()}>
        <fieldset className={styles['choices']} aria-label={`What it bills of addition ${additionId}`}>
          <Choice {...choose('before')} text="As it was read before the invoice" amount={asked.before} />
          <Choice {...choose('after')} text="As it was read after it" amount={asked.after} />
        </fieldset>
        <ProblemNote problem={problem} />
        <DialogActions>
          <Button disabled={busy} onClick={onClose}>
            Cancel
          </Button>
          <Button tone="primary" disabled={busy} onClick={() => void save()}>
            Save the answer
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}

interface ChoiceProps {
  readonly of: BilledAs
  readonly chosen: BilledAs
  readonly onChoose: (of: BilledAs) => void
  readonly text: string
  readonly amount: Amount
  readonly currency: string
}

function Choice({ of, chosen, onChoose, text, amount, currency }: ChoiceProps) {
  const id = useId()
  return (
    <label className={styles['choice']} htmlFor={id}>
      <input id={id} type="radio" name="billed" checked={chosen === of} onChange={() => onChoose(of)} />
      <span>
        {text}: {moneyText(amount.price, currency)}
        {amount.cost === undefined ? null : <small>Cost {moneyText(amount.cost, currency)}</small>}
      </span>
    </label>
  )
}

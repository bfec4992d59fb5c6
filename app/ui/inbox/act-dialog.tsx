'use client'
import { useState } from 'react'
import type { ShownAction } from '#app/api/schemas/inbox.ts'
import { useApi } from '#app/hooks/use-api.ts'
import { useAttempt } from '#app/hooks/use-attempt.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { Dialog, DialogActions } from '#app/ui/kit/dialog.tsx'
import { Choice } from '#app/ui/kit/form.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import { AgreementOptions, mayBePicked } from '#app/ui/plan/agreement-options.tsx'
import { monthName } from '#lib/billing/format.ts'
import type { Day } from '#lib/billing/types.ts'
import { type Acting, doneText, type Performed, perform } from './acting.ts'
import styles from './inbox.module.css'
import { TypedField, whyNotTyped } from './typed.tsx'
import { isTyped, monthsToEnd } from './words.ts'

interface ActDialogProps {
  readonly action: ShownAction
  readonly program: string
  readonly acting: Acting
  /** What it is done to, in sentences. */
  readonly about: readonly string[]
  /** `null`: it is pressed, not typed. */
  readonly typing: { readonly what: string; readonly text: string } | null
  readonly onClose: () => void
}

/** One answer, with what is to be chosen or typed for it. */
export function ActDialog({ action, program, acting, about, typing, onClose }: ActDialogProps) {
  const { busy, problem, run } = useAttempt()
  const [typed, setTyped] = useState('')
  const [chosen, setChosen] = useState('')
  const whyNot =
    action.choose !== null && chosen === ''
      ? 'Choose one above.'
      : typing !== null && !isTyped(typed, typing.text)
        ? whyNotTyped(typing.what)
        : null
  const act = async () => {
    const done: Performed[] = []
    const isDone = await run(async () => {
      done.push(await perform(acting, action, chosen))
    })
    if (!isDone) return
    onClose()
    acting.onAnswered(doneText(action.text, done[0]?.follows ?? ''), done[0]?.runId ?? null)
  }
  return (
    <Dialog title={`${action.text}?`} onClose={onClose}>
      {about.filter(Boolean).map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (whyNot === null && !busy) void act()
        }}
      >
        {action.choose === null ? null : (
          <Chosen action={action} program={program} acting={acting} chosen={chosen} onChosen={setChosen} />
        )}
        {typing === null ? null : <TypedField {...typing} typed={typed} onTyped={setTyped} />}
        <ProblemNote problem={problem} />
        <DialogActions>
          <Button disabled={busy} onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" tone="primary" disabled={busy} whyNot={whyNot}>
            {action.text}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}

interface ChosenProps extends Pick<ActDialogProps, 'program' | 'acting'> {
  readonly action: ShownAction
  readonly chosen: string
  readonly onChosen: (chosen: string) => void
}

function Chosen(props: ChosenProps) {
  const from = props.action.choose?.from
  if (from === 'contract-agreements') return <OfPrism {...props} />
  if (from === 'one-time-agreements') return <OneTimeAgreement {...props} />
  return <LastMonth {...props} />
}

function OfPrism({ program, acting, chosen, onChosen }: ChosenProps) {
  const { data, error } = useApi(
    'GET /api/programs/{program}/contract-agreements',
    { path: { program } },
    { call: acting.call, revalidateOnFocus: false },
  )
  const options = Object.fromEntries((data?.agreements ?? []).map(({ id }) => [id, id]))
  return (
    <>
      <Choice
        label="Contract agreement"
        name="chosen"
        value={chosen}
        options={{ '': data === undefined ? 'Reading PRISM…' : 'Choose', ...options }}
        onChange={({ target }) => onChosen(target.value)}
      />
      <ProblemNote problem={error?.problem ?? null} />
    </>
  )
}

/** Of the customer's company, with why one cannot be picked (E4). */
function OneTimeAgreement({ program, acting, action, chosen, onChosen }: ChosenProps) {
  const companyId = Number(action.body?.['companyId'])
  const { data, error } = useApi(
    'GET /api/connectwise/companies/{id}/agreements',
    { path: { id: companyId }, query: { program, carries: 'annual' } },
    { call: acting.call, revalidateOnFocus: false },
  )
  return (
    <fieldset className={styles['agreements']}>
      <legend>One-Time agreement</legend>
      {data === undefined && error === undefined ? <p>Reading ConnectWise…</p> : null}
      {data === undefined || data.agreements.some(mayBePicked) ? null : (
        <p>None of the company’s can carry it: make one with the billing cycle One-Time in ConnectWise.</p>
      )}
      <AgreementOptions
        agreements={data?.agreements ?? []}
        agreementId={chosen === '' ? null : Number(chosen)}
        onChoose={({ id }) => onChosen(String(id))}
        className={styles['agreement']}
      />
      <ProblemNote problem={error?.problem ?? null} />
    </fieldset>
  )
}

function LastMonth({ chosen, onChosen }: ChosenProps) {
  const [months] = useState(() => monthsToEnd(new Date().toISOString().slice(0, 10) as Day))
  const options = Object.fromEntries(months.map((month) => [month, monthName(month)]))
  return (
    <Choice
      label="Last month that is billed there"
      name="chosen"
      value={chosen}
      options={{ '': 'Choose', ...options }}
      onChange={({ target }) => onChosen(target.value)}
    />
  )
}

'use client'
import { useState } from 'react'
import { Button } from '#app/ui/kit/button.tsx'
import { moneyText, quantityText } from '#app/ui/kit/money.ts'
import { monthName } from '#lib/billing/format.ts'
import { subscriptionKey } from '#lib/billing/keys.ts'
import type { AskedAddition } from '#lib/billing/types.ts'
import { AdditionDialog } from './addition-dialog.tsx'
import { Noted, TakeBack } from './answer-parts.tsx'
import { saidText } from './answer-texts.ts'
import { type Answering, useAnswering } from './answering.tsx'
import { type AskedRow, isSkippable, isWaiting } from './asked-row.ts'
import { BilledAnswer } from './billed-answer.tsx'
import styles from './row-answers.module.css'
import type { Finding } from './shown.ts'
import { ConfirmDialog, SkipDialog } from './waiting-dialogs.tsx'

interface FindingAnswersProps {
  readonly finding: Finding
  readonly row: AskedRow
}

/**
 * What a person can answer to a finding, beside it: what an addition is, what an invoice bills of one, a yes to what waits, a month
 * that is skipped. Nothing
 * for who may only look, and outside of an `AnsweringProvider`.
 */
export function FindingAnswers({ finding, row }: FindingAnswersProps) {
  const answering = useAnswering()
  if (answering === null || !answering.may) return null
  const { asks = [], asksBilled } = finding
  const waits = isWaiting(finding)
  const hasMonth = isSkippable(finding, row) && (answering.maySkip || waits)
  if (asks.length === 0 && asksBilled === undefined && !hasMonth) return null
  return (
    <div className={styles['answers']}>
      {asks.map((asked) => (
        <AdditionAnswer key={asked.additionId} answering={answering} asked={asked} row={row} />
      ))}
      {asksBilled === undefined ? null : <BilledAnswer answering={answering} asked={asksBilled} />}
      {hasMonth ? <MonthAnswer answering={answering} row={row} waits={waits} /> : null}
    </div>
  )
}

interface AdditionAnswerProps {
  readonly answering: Answering
  readonly asked: AskedAddition
  readonly row: AskedRow
}

function AdditionAnswer({ answering, asked, row }: AdditionAnswerProps) {
  const [isOpen, setOpen] = useState(false)
  const { additionId, quantity, billed } = asked
  const said = answering.given?.answers.find((each) => each.additionId === additionId)
  const ask = said === undefined ? 'Say what it is' : 'Say otherwise'
  const what = `Addition ${additionId}: ${quantityText(quantity)}, ${moneyText(billed, answering.currency)} in ${monthName(row.period)}`
  return (
    <div className={styles['line']}>
      <span>{what}</span>
      {said === undefined ? null : (
        <Noted
          answering={answering}
          text={`It ${saidText(said, answering.given?.subscriptions ?? [])}, as ${said.by} said.`}
        />
      )}
      <Button aria-label={`${ask}: addition ${additionId}`} onClick={() => setOpen(true)}>
        {ask}
      </Button>
      {said === undefined ? null : (
        <TakeBack
          answering={answering}
          label={`Take back what was said of addition ${additionId}`}
          work={() => takeBackOf(answering, additionId)}
        />
      )}
      {isOpen ? (
        <AdditionDialog
          answering={answering}
          asked={asked}
          period={row.period}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </div>
  )
}

/** The sync that follows asks again what the addition is. */
export const takeBackOf = ({ call, program, agreementId }: Answering, additionId: number) =>
  call('DELETE /api/programs/{program}/agreements/{agreementId}/additions/{additionId}/answer', {
    path: { program, agreementId, additionId },
  })

interface MonthAnswerProps {
  readonly answering: Answering
  readonly row: AskedRow
  readonly waits: boolean
}

function MonthAnswer({ answering, row, waits }: MonthAnswerProps) {
  const [open, setOpen] = useState<'confirm' | 'skip' | null>(null)
  const { given, runId, currency, maySkip } = answering
  const isOf = (each: { readonly subscriptionId: string; readonly period: string }): boolean =>
    each.subscriptionId === subscriptionKey(row.subscriptionId) && each.period === row.period
  const confirmed = given?.confirmed.find((each) => isOf(each) && each.question === row.waits?.question)
  const skipped = given?.skipped.find(isOf)
  const month = monthName(row.period)
  if (skipped !== undefined)
    return (
      <div className={styles['line']}>
        <Noted answering={answering} text={`${month} is skipped, as ${skipped.by} said.`} />
        {maySkip ? (
          <TakeBack
            answering={answering}
            label={`Take back that ${month} of ${row.product} is skipped`}
            work={() => unskip(answering, row)}
          />
        ) : null}
      </div>
    )
  return (
    <div className={styles['line']}>
      <span>
        {month}: {moneyText(row.invoiced.price, currency)} invoiced
      </span>
      {confirmed === undefined ? null : (
        <Noted answering={answering} text={`Confirmed by ${confirmed.by}.`} />
      )}
      {waits && confirmed === undefined && runId !== null ? (
        <Button aria-label={`Confirm ${month} of ${row.product}`} onClick={() => setOpen('confirm')}>
          Confirm
        </Button>
      ) : null}
      {maySkip ? (
        <Button aria-label={`Skip ${month} of ${row.product}`} onClick={() => setOpen('skip')}>
          Skip {month}
        </Button>
      ) : null}
      {open === 'confirm' && runId !== null ? (
        <ConfirmDialog answering={answering} row={row} runId={runId} onClose={() => setOpen(null)} />
      ) : null}
      {open === 'skip' ? <SkipDialog answering={answering} row={row} onClose={() => setOpen(null)} /> : null}
    </div>
  )
}

/** The sync that follows plans the month again. */
export const unskip = (
  { call, program }: Answering,
  { tenantId, subscriptionId, period }: Pick<AskedRow, 'tenantId' | 'subscriptionId' | 'period'>,
) =>
  call('POST /api/programs/{program}/customers/{tenantId}/unskip', {
    path: { program, tenantId },
    body: { subscriptionId, period },
  })

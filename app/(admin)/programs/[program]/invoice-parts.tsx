'use client'
import type { ReactNode } from 'react'
import type { ShownInvoice } from '#app/api/schemas/invoices.ts'
import { callApi } from '#app/hooks/api.ts'
import { useAction } from '#app/hooks/use-action.ts'
import type { Attempt } from '#app/hooks/use-attempt.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { Dialog, DialogActions } from '#app/ui/kit/dialog.tsx'
import { LocalTime } from '#app/ui/kit/local-time.tsx'
import { Mark } from '#app/ui/kit/mark.tsx'
import { moneyText } from '#app/ui/kit/money.ts'
import { HeldCredits } from '#app/ui/plan/held-credits.tsx'
import { heldCreditsSaid } from '#app/ui/plan/held-credits-text.ts'
import { shortDay } from '#lib/billing/format.ts'
import { isLeftOut, STATES } from './invoice-states.ts'
import styles from './invoices.module.css'

export type Verb = 'pick' | 'exclude' | 'read-again' | 'take' | 'leave'
const VERBS: Readonly<Record<Verb, string>> = {
  pick: 'Pick',
  exclude: 'Exclude',
  'read-again': 'Read again',
  take: 'Take over',
  leave: 'Take back',
}

/** What a person can do with an invoice as it is (F1). */
function verbsOf({ state, lineCount, atOnce }: ShownInvoice): Verb[] {
  const hasLines = lineCount > 0
  const isOut = state === 'excluded' || state === 'superseded'
  return [
    ...(hasLines && (state === 'held' || isOut) ? (['pick'] as const) : []),
    ...(state === 'held' || state === 'refused' || state === 'unread' ? (['exclude'] as const) : []),
    ...(!hasLines && (state === 'held' || state === 'refused' || state === 'unread' || state === 'excluded')
      ? (['read-again'] as const)
      : []),
    ...(atOnce?.is === 'before' ? (['take'] as const) : []),
    ...(atOnce !== null && atOnce.takenBy !== null ? (['leave'] as const) : []),
  ]
}

export interface Deciding extends Pick<Attempt, 'busy' | 'problem'> {
  readonly decide: (id: string, verb: Verb) => void
}

export function useDeciding(program: string): Deciding {
  const { busy, problem, run } = useAction()
  const decide = (id: string, verb: Verb) => {
    const of = { path: { id }, query: { program } }
    void run(() =>
      verb === 'leave'
        ? callApi('DELETE /api/invoices/{id}/take', of)
        : callApi(`POST /api/invoices/{id}/${verb}`, of),
    )
  }
  return { busy, problem, decide }
}

interface VerbsProps {
  readonly invoice: ShownInvoice
  readonly deciding: Pick<Deciding, 'busy' | 'decide'>
}

export function Verbs({ invoice, deciding }: VerbsProps) {
  return verbsOf(invoice).map((verb) => (
    <Button
      key={verb}
      tone={isLeftOut(invoice) ? 'plain' : undefined}
      disabled={deciding.busy}
      {...(verb === 'leave' ? { whyNot: whyNotLeft(invoice) } : {})}
      aria-label={`${VERBS[verb]} invoice ${invoice.id}`}
      onClick={() => deciding.decide(invoice.id, verb)}
    >
      {VERBS[verb]}
    </Button>
  ))
}

interface PickDialogProps {
  readonly id: string
  readonly credits: NonNullable<ShownInvoice['heldCredits']>
  readonly currency: string
  readonly onPick: () => void
  readonly onClose: () => void
}

/** What picking an invoice with credits writes, before it is done. */
export function PickDialog({ id, credits, currency, onPick, onClose }: PickDialogProps) {
  return (
    <Dialog title={`Pick invoice ${id}?`} onClose={onClose}>
      <p>It becomes the one of its month, and the next look syncs it.</p>
      <HeldCredits credits={credits} currency={currency} />
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button tone="primary" onClick={onPick}>
          Pick it
        </Button>
      </DialogActions>
    </Dialog>
  )
}

const whyNotLeft = ({ atOnce }: ShownInvoice): string | null =>
  atOnce?.isWritten === true ? 'Lines of it are on an agreement already.' : null

const NOT_CARRIED = { text: 'Not carried', tone: 'quiet' } as const

/** What becomes of an annual invoice, and why (J9). */
function AnnualLine({ invoice: { atOnce } }: { invoice: ShownInvoice }) {
  if (atOnce === null) return null
  const { issuedOn, is, since, takenBy } = atOnce
  return (
    <span className={styles['line']}>
      Annual invoice of {shortDay(issuedOn)}
      {is === 'off' ? ': annual terms billed at once are switched off' : ''}
      {is === 'before' && since !== null
        ? `: issued before ${shortDay(since)}, when these terms were switched on`
        : ''}
      {takenBy === null ? '' : `, taken over by ${takenBy}`}
    </span>
  )
}

interface WhyProps {
  readonly invoice: ShownInvoice
  readonly currency: string
  readonly children: ReactNode
}

/** Its state, and why it is in it. */
export function Why({ invoice, currency, children }: WhyProps) {
  const { state, reason, row, column, unreadSince, unreadReason, decidedBy, badLines } = invoice
  const isLeftOff = invoice.atOnce !== null && invoice.atOnce.is !== 'carried'
  const { text: stateText, tone } = isLeftOff ? NOT_CARRIED : STATES[state]
  const place = [row === null ? '' : `line ${row}`, column === null ? '' : `column ${column}`]
    .filter(Boolean)
    .join(', ')
  return (
    <div className={styles['why']}>
      {tone === 'quiet' ? stateText : <Mark tone={tone}>{stateText}</Mark>}
      {decidedBy === null ? null : <span className={styles['line']}>Decided by {decidedBy}</span>}
      <AnnualLine invoice={invoice} />
      {reason === null || state === 'ready' ? null : (
        <span className={styles['line']}>
          {reason}
          {state === 'refused' && place !== '' ? ` (${place})` : ''}
        </span>
      )}
      {unreadSince === null ? null : (
        <span className={styles['line']}>
          {state === 'unread' ? '' : `${unreadReason ?? ''} What was read before stays in use. `}Since{' '}
          <LocalTime at={unreadSince} />
        </span>
      )}
      {invoice.heldCredits === null
        ? null
        : heldCreditsSaid(invoice.heldCredits, currency).map((sentence) => (
            <span key={sentence} className={styles['line']}>
              {sentence}
            </span>
          ))}
      {badLines.length === 0 ? null : (
        <ul aria-label={`Lines of invoice ${invoice.id} that cannot be read`}>
          {badLines.map((line) => (
            <li key={line.row}>
              Line {line.row}
              {line.column === null ? '' : `, column ${line.column}`}: {line.reason}.{' '}
              {[line.customerName, line.subscriptionId || 'no subscription', line.offerName]
                .filter(Boolean)
                .join(', ')}
              {line.price === null ? '' : `: ${moneyText(line.price, currency)}`}
            </li>
          ))}
        </ul>
      )}
      {children}
    </div>
  )
}

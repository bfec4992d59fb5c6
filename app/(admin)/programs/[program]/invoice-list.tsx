'use client'
import type { ReactNode } from 'react'
import type { ShownInvoice } from '#app/api/schemas/invoices.ts'
import { callApi } from '#app/hooks/api.ts'
import { useAction } from '#app/hooks/use-action.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { LocalTime } from '#app/ui/kit/local-time.tsx'
import { Mark } from '#app/ui/kit/mark.tsx'
import { moneyText } from '#app/ui/kit/money.ts'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import table from '#app/ui/kit/table.module.css'
import text from '#app/ui/kit/text.module.css'
import { monthName } from '#lib/billing/format.ts'
import { isLeftOut, isToBeSeen, STATES } from './invoice-states.ts'
import styles from './invoices.module.css'
import { OpenLines } from './open-lines.tsx'

type Verb = 'pick' | 'exclude' | 'read-again'
const VERBS: Readonly<Record<Verb, string>> = {
  pick: 'Pick',
  exclude: 'Exclude',
  'read-again': 'Read again',
}

/** What a person can do with an invoice as it is (F1). */
function verbsOf({ state, lineCount }: ShownInvoice): Verb[] {
  const hasLines = lineCount > 0
  const isOut = state === 'excluded' || state === 'superseded'
  return [
    ...(hasLines && (state === 'held' || isOut) ? (['pick'] as const) : []),
    ...(state === 'held' || state === 'refused' || state === 'unread' ? (['exclude'] as const) : []),
    ...(!hasLines && (state === 'held' || state === 'refused' || state === 'unread' || state === 'excluded')
      ? (['read-again'] as const)
      : []),
  ]
}

interface InvoiceListProps {
  readonly program: string
  readonly invoices: readonly ShownInvoice[]
  readonly currency: string
  readonly mayDecide: boolean
}

/** Invoices that a person should know of: what waits first, and folded below it what is left out (F1). */
export function InvoiceList({ program, invoices, currency, mayDecide }: InvoiceListProps) {
  const deciding = useAction()
  const open = invoices.filter(isToBeSeen)
  const leftOut = invoices.filter(isLeftOut)
  if (open.length === 0 && leftOut.length === 0) return null
  const decide = (id: string, verb: Verb) =>
    void deciding.run(() => callApi(`POST /api/invoices/{id}/${verb}`, { path: { id }, query: { program } }))
  const rows = { program, currency, mayDecide, busy: deciding.busy, decide }
  return (
    <section className={table['panel']} id="invoices" aria-label="Invoices that are not simply used">
      <h2 className={styles['head']}>Invoices</h2>
      {open.length === 0 ? null : <Rows invoices={open} {...rows} />}
      <div className={styles['problem']}>
        <ProblemNote problem={deciding.problem} />
      </div>
      {leftOut.length === 0 ? null : (
        <details className={styles['leftOut']}>
          <summary>
            {leftOut.length === 1 ? 'One invoice is' : `${leftOut.length} invoices are`} ignored, excluded or
            replaced
          </summary>
          <Rows invoices={leftOut} {...rows} />
        </details>
      )}
    </section>
  )
}

interface RowsProps {
  readonly program: string
  readonly invoices: readonly ShownInvoice[]
  readonly currency: string
  readonly mayDecide: boolean
  readonly busy: boolean
  readonly decide: (id: string, verb: Verb) => void
}

function Rows({ program, invoices, currency, mayDecide, busy, decide }: RowsProps) {
  return (
    <table className={[table['table'], styles['rows']].join(' ')}>
      <thead>
        <tr>
          <th scope="col">Usage</th>
          <th scope="col">Invoice</th>
          <th scope="col">State</th>
          <th scope="col" className={styles['number']}>
            Retail price
          </th>
          <th scope="col">
            <span className={text['hidden']}>Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {invoices.map((invoice, at) => (
          <tr key={`${invoice.id} ${at}`}>
            <td>{invoice.period === null ? 'Not known' : monthName(invoice.period)}</td>
            <td data-label="Invoice">{invoice.id}</td>
            <td>
              <Why invoice={invoice} currency={currency}>
                <OpenLines program={program} invoice={invoice} currency={currency} mayDecide={mayDecide} />
              </Why>
            </td>
            <td
              className={styles['number']}
              data-label={invoice.totalPrice === null ? undefined : 'Retail price'}
            >
              {invoice.totalPrice === null ? '' : moneyText(invoice.totalPrice, currency)}
            </td>
            <td className={styles['verbs']}>
              {mayDecide
                ? verbsOf(invoice).map((verb) => (
                    <Button
                      key={verb}
                      tone={isLeftOut(invoice) ? 'plain' : undefined}
                      disabled={busy}
                      aria-label={`${VERBS[verb]} invoice ${invoice.id}`}
                      onClick={() => decide(invoice.id, verb)}
                    >
                      {VERBS[verb]}
                    </Button>
                  ))
                : null}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

interface WhyProps {
  readonly invoice: ShownInvoice
  readonly currency: string
  readonly children: ReactNode
}

function Why({ invoice, currency, children }: WhyProps) {
  const { state, reason, row, column, unreadSince, unreadReason, decidedBy, badLines } = invoice
  const { text: stateText, tone } = STATES[state]
  const place = [row === null ? '' : `line ${row}`, column === null ? '' : `column ${column}`]
    .filter(Boolean)
    .join(', ')
  return (
    <div className={styles['why']}>
      {tone === 'quiet' ? stateText : <Mark tone={tone}>{stateText}</Mark>}
      {decidedBy === null ? null : <span className={styles['line']}>Decided by {decidedBy}</span>}
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

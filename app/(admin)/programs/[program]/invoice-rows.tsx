'use client'
import { useState } from 'react'
import type { ShownInvoice } from '#app/api/schemas/invoices.ts'
import { moneyText } from '#app/ui/kit/money.ts'
import table from '#app/ui/kit/table.module.css'
import text from '#app/ui/kit/text.module.css'
import { UsageText } from '#app/ui/kit/usage-text.tsx'
import type { WholeInvoice } from '#app/views/invoices.ts'
import { shortDay } from '#lib/billing/format.ts'
import type { Money } from '#lib/billing/types.ts'
import { type Deciding, PickDialog, type Verb, Verbs, Why } from './invoice-parts.tsx'
import styles from './invoices.module.css'
import { OpenLines } from './open-lines.tsx'

interface InvoiceRowsProps {
  readonly program: string
  readonly invoices: readonly (ShownInvoice & Partial<Pick<WholeInvoice, 'annual' | 'credits'>>)[]
  readonly currency: string
  readonly mayDecide: boolean
  readonly deciding: Deciding
  /** With all that it charges; else as far as it says why somebody should look at it. */
  readonly isWhole?: boolean
}

/** An invoice a row, with what can be done about it. */
export function InvoiceRows({
  program,
  invoices,
  currency,
  mayDecide,
  deciding,
  isWhole = false,
}: InvoiceRowsProps) {
  const [picking, setPicking] = useState<string | null>(null)
  const press = (id: string, verb: Verb) => {
    const asked = invoices.find((each) => each.id === id && each.heldCredits !== null)
    if (verb === 'pick' && asked !== undefined) setPicking(id)
    else deciding.decide(id, verb)
  }
  const picked = invoices.find((each) => each.id === picking)
  return (
    <>
      <table className={[table['table'], styles['rows']].join(' ')}>
        <thead>
          <tr>
            <th scope="col">Month</th>
            <th scope="col">Invoice</th>
            <th scope="col">State</th>
            {isWhole ? (
              <>
                <th scope="col" className={styles['number']}>
                  Lines
                </th>
                <th scope="col" className={styles['number']}>
                  Cost
                </th>
              </>
            ) : null}
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
            <tr key={`${invoice.id} ${at}`} id={isWhole ? `invoice-${invoice.id}` : undefined}>
              <td>
                <Month invoice={invoice} />
              </td>
              <td data-label="Invoice">
                {invoice.id}
                {!isWhole || invoice.invoicedOn === null ? null : (
                  <div className={styles['line']}>of {shortDay(invoice.invoicedOn)}</div>
                )}
              </td>
              <td>
                <Why invoice={invoice} currency={currency}>
                  <Apart what="annual terms" of={invoice.annual} currency={currency} />
                  <Apart what="credits" of={invoice.credits} currency={currency} />
                  <OpenLines program={program} invoice={invoice} currency={currency} mayDecide={mayDecide} />
                </Why>
              </td>
              {isWhole ? (
                <>
                  <td className={styles['number']} data-label="Lines">
                    {invoice.lineCount}
                  </td>
                  <Total label="Cost" of={invoice.totalCost} currency={currency} />
                </>
              ) : null}
              <Total label="Retail price" of={invoice.totalPrice} currency={currency} />
              <td className={styles['verbs']}>
                {mayDecide ? (
                  <Verbs invoice={invoice} deciding={{ busy: deciding.busy, decide: press }} />
                ) : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {picked === undefined || picked.heldCredits === null ? null : (
        <PickDialog
          id={picked.id}
          credits={picked.heldCredits}
          currency={currency}
          onPick={() => {
            setPicking(null)
            deciding.decide(picked.id, 'pick')
          }}
          onClose={() => setPicking(null)}
        />
      )}
    </>
  )
}

function Month({ invoice: { kind, period } }: { invoice: ShownInvoice }) {
  if (kind === 'annual') return 'Annual'
  return period === null ? 'Not known' : <UsageText period={period} />
}

function Total({ label, of, currency }: { label: string; of: Money | null; currency: string }) {
  return (
    <td className={styles['number']} data-label={of === null ? undefined : label}>
      {of === null ? '' : moneyText(of, currency)}
    </td>
  )
}

interface ApartProps {
  readonly what: string
  readonly of: WholeInvoice['annual'] | undefined
  readonly currency: string
}

/** What of the invoice is not synced by the month. */
function Apart({ what, of, currency }: ApartProps) {
  if (!of) return null
  return (
    <span className={styles['line']}>
      {of.lines} {of.lines === 1 ? 'line' : 'lines'} of {what}: {moneyText(of.price, currency)} retail,{' '}
      {moneyText(of.cost, currency)} cost
    </span>
  )
}

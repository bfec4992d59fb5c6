'use client'
import { useState } from 'react'
import type { ShownInvoice, ShownOpenLines } from '#app/api/schemas/invoices.ts'
import { useAction } from '#app/hooks/use-action.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { moneyText } from '#app/ui/kit/money.ts'
import { OwnerDialog } from '#app/ui/plan/owner-dialog.tsx'
import { isWithoutSubscription } from '#lib/billing/keys.ts'
import styles from './invoices.module.css'

interface OpenLinesProps {
  readonly program: string
  readonly invoice: ShownInvoice
  readonly currency: string
  readonly mayDecide: boolean
}

/** Lines that are no customer's, each with whose it may be, and a person's word on it (F1). */
export function OpenLines({ program, invoice, currency, mayDecide }: OpenLinesProps) {
  const [asked, setAsked] = useState<ShownOpenLines | null>(null)
  const saying = useAction()
  const { openLines, unclaimed } = invoice
  if (openLines.length === 0) return null
  return (
    <>
      {unclaimed === null ? null : (
        <span className={styles['line']}>
          Lines of nobody known: {moneyText(unclaimed.price, currency)}. No customer is billed for them.
        </span>
      )}
      <ul aria-label={`Lines of invoice ${invoice.id} that are no customer’s`}>
        {openLines.map((lines) => (
          <li key={lines.subscriptionId}>
            {[lines.customerName, lines.offerName, idText(lines)].filter(Boolean).join(', ')}:{' '}
            {moneyText(lines.price, currency)}. {claimOf(lines)}{' '}
            {mayDecide ? (
              <Button tone="plain" aria-label={sayText(lines)} onClick={() => setAsked(lines)}>
                {lines.is === 'given' ? 'Say otherwise' : 'Say whose it is'}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {asked === null ? null : (
        <OwnerDialog
          invoiceId={invoice.id}
          program={program}
          lines={asked}
          action={saying}
          onClose={() => setAsked(null)}
        />
      )}
    </>
  )
}

const idText = ({ subscriptionId }: ShownOpenLines): string =>
  isWithoutSubscription(subscriptionId) ? 'without a subscription' : subscriptionId

/** What the button does, for who hears it without what stands beside it. */
const sayText = (lines: ShownOpenLines): string => {
  const { is, subscriptionId, offerName, customerName } = lines
  if (!isWithoutSubscription(subscriptionId)) return `Say whose it is: subscription ${subscriptionId}`
  const of = [offerName, customerName].filter(Boolean).join(' of ')
  return `${is === 'given' ? 'Say otherwise' : 'Say whose it is'}: ${of}, without a subscription`
}

const claimOf = ({ is, customers }: ShownOpenLines): string => {
  if (is === 'nobodys') return 'Somebody said that it is nobody’s.'
  if (is === 'given') return `It was given to ${customers[0] ?? 'a customer'}, and is carried there.`
  if (is === 'unclaimed') return ''
  return customers.length === 1
    ? `Only a part of it names ${customers[0]}.`
    : `It may be ${customers.slice(0, -1).join(', ')} or ${customers.at(-1)}.`
}

import type { ShownInvoice } from '#app/api/schemas/invoices.ts'
import { heldCreditsSaid } from './held-credits-text.ts'

interface HeldCreditsProps {
  readonly credits: NonNullable<ShownInvoice['heldCredits']>
  readonly currency: string
}

/** What becomes of an invoice's credits and adjustments once it is used: what is written, and what is not. */
export function HeldCredits({ credits, currency }: HeldCreditsProps) {
  return heldCreditsSaid(credits, currency).map((sentence) => <p key={sentence}>{sentence}</p>)
}

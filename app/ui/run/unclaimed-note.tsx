import type { RunContent } from '#app/api/schemas/runs.ts'
import { moneyText } from '#app/ui/kit/money.ts'
import { Note } from '#app/ui/kit/note.tsx'
import { ofMonthForUsage } from '#lib/billing/invoice-month.ts'

interface UnclaimedNoteProps {
  readonly unclaimed: RunContent['unclaimed'][number]
  readonly currency: string
}

/** What an invoice charges that no customer is known of: it is the organisation's, and in no agreement's proof. */
export function UnclaimedNote({ unclaimed, currency }: UnclaimedNoteProps) {
  const { invoiceId, period, amount } = unclaimed
  return (
    <Note
      tone="warn"
      detail="It is in no agreement’s figures below."
      remedy="Under Invoices on the program’s page, say whose they are, or that they are nobody’s."
    >
      Invoice {invoiceId} {ofMonthForUsage(period)} has lines of nobody known:{' '}
      {moneyText(amount.price, currency)} (cost {moneyText(amount.cost, currency)}). No customer is billed for
      them.
    </Note>
  )
}

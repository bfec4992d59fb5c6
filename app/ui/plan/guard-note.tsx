import type { GuardFound } from '#app/api/schemas/invoices.ts'
import { moneyText } from '#app/ui/kit/money.ts'
import { Note } from '#app/ui/kit/note.tsx'
import { ofMonthForUsage } from '#lib/billing/invoice-month.ts'
import type { Period } from '#lib/billing/types.ts'

interface GuardNoteProps {
  readonly invoiceId: string
  readonly period: Period
  readonly guard: GuardFound
  readonly currency: string
}

/** That an invoice changes so much that a part of it waits for a person, with counts and amounts (F18); nothing where nothing waits. */
export function GuardNote({ invoiceId, period, guard, currency }: GuardNoteProps) {
  const { ended, running, totalBefore, totalAfter, waiting } = guard
  if (waiting.subscriptions === 0) return null
  const money = (amount: string) => moneyText(amount, currency)
  return (
    <Note
      tone="warn"
      detail="Each subscription is compared with the last month that was synced for it. Nothing of what waits was written; its additions go on billing as they are. Everything else syncs."
      remedy="Look whether the invoice is right, and ask rhipe for a corrected one if it is not."
    >
      <b>
        {counted(waiting.subscriptions, 'subscription')} of {counted(waiting.customers, 'customer')}{' '}
        {waiting.subscriptions === 1 ? 'waits' : 'wait'}:
      </b>{' '}
      invoice {invoiceId} {ofMonthForUsage(period)} ends {ended.toLocaleString('en-GB')} of{' '}
      {counted(running, 'running subscription')}, and their total goes from {money(totalBefore)} to{' '}
      {money(totalAfter)}. What waits goes from {money(waiting.before)} to {money(waiting.after)}.
    </Note>
  )
}

const counted = (count: number, what: string): string =>
  `${count.toLocaleString('en-GB')} ${what}${count === 1 ? '' : 's'}`

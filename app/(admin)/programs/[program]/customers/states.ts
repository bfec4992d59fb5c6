import type { Customer } from '#app/api/schemas/customers.ts'
import type { CustomerState } from '#db/mappings/customers.ts'

/** The states of a customer, as people read them (E1). */
export const STATES: Readonly<
  Record<CustomerState, { readonly text: string; readonly tone: 'warn' | 'bad' | 'quiet' }>
> = {
  unmapped: { text: 'Unmapped', tone: 'quiet' },
  mapped: { text: 'Mapped, Sync off', tone: 'quiet' },
  syncing: { text: 'Sync on', tone: 'quiet' },
  attention: { text: 'Needs attention', tone: 'bad' },
}

/** A customer in a word. Nothing here is green: that a bill is right is said by its proof alone. */
export function markOf({
  state,
  lastResult,
  isBehind,
}: Pick<Customer, 'state' | 'lastResult' | 'isBehind'>): {
  readonly text: string
  readonly tone: 'warn' | 'bad' | 'quiet'
} {
  if (state === 'attention')
    return { text: STATES.attention.text, tone: lastResult?.status === 'Warning' ? 'warn' : 'bad' }
  if (state !== 'syncing') return STATES[state]
  if (lastResult === null) return { text: 'Not synced yet', tone: isBehind ? 'warn' : 'quiet' }
  return isBehind ? { text: 'New invoice', tone: 'warn' } : STATES.syncing
}

/** Where the last sync of a customer is shown, in the run that it was part of. */
export const resultPath = ({ mapping, lastResult }: Customer): string =>
  `/runs/${lastResult?.runId}${mapping === null ? '' : `?agreement=${mapping.agreementId}`}`

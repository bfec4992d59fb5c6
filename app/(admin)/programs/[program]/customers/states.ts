import type { Customer } from '#app/api/schemas/customers.ts'
import type { CustomerState } from '#db/mappings/customers.ts'

/** The states of a customer, as people read them (E1). */
export const STATES: Readonly<
  Record<CustomerState, { readonly text: string; readonly tone: 'good' | 'warn' | 'bad' | 'quiet' }>
> = {
  unmapped: { text: 'Unmapped', tone: 'quiet' },
  mapped: { text: 'Mapped, Sync off', tone: 'quiet' },
  syncing: { text: 'Sync on', tone: 'good' },
  attention: { text: 'Needs attention', tone: 'bad' },
}

/** Where the last sync of a customer is shown, in the run that it was part of. */
export const resultPath = ({ mapping, lastResult }: Customer): string =>
  `/runs/${lastResult?.runId}${mapping === null ? '' : `?agreement=${mapping.agreementId}`}`

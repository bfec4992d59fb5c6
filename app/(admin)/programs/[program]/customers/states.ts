import type { CustomerState } from '#db/queries/customers.ts'

/** The states of a customer, as people read them (E1). */
export const STATES: Readonly<
  Record<CustomerState, { readonly text: string; readonly tone: 'good' | 'warn' | 'bad' | 'quiet' }>
> = {
  unmapped: { text: 'Unmapped', tone: 'quiet' },
  mapped: { text: 'Mapped, Sync off', tone: 'quiet' },
  syncing: { text: 'Sync on', tone: 'good' },
  attention: { text: 'Needs attention', tone: 'bad' },
}

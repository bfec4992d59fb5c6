import type { FirstSync } from './types.ts'

/** How a customer begins, as pages and the record word it. */
export const firstSyncChoices: Readonly<Record<FirstSync, string>> = {
  next: 'Begin with the next month',
  'catch-up': 'Bill that month as catch-up',
  elsewhere: 'Billed elsewhere',
}

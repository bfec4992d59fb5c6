import type { Unbilled } from '#lib/renewals/renewals.ts'

export const unbilledTexts: Readonly<Record<Unbilled, string>> = {
  'motion-off': 'Annual terms are off in the program’s options',
  'not-mapped': 'The customer is not mapped',
  'sync-off': 'The customer’s Sync is off',
}

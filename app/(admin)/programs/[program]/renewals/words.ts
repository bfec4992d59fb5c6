import type { Unbilled } from '#lib/renewals/renewals.ts'

export const unbilledTexts: Readonly<Record<Unbilled, string>> = {
  'motion-off': 'Annual terms are off in the program’s options',
  'not-mapped': 'The customer is not mapped',
  'sync-off': 'The customer’s Sync is off',
  'issued-before': 'Its invoice was issued before annual terms billed at once were switched on',
  'no-one-time-agreement': 'The customer has no One-Time agreement',
  'one-time-sync-off': 'The Sync of the customer’s One-Time agreement is off',
}

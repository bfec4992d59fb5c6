import type { Unbilled } from '#lib/renewals/renewals.ts'

export const unbilledTexts: Readonly<Record<Unbilled, string>> = {
  'motion-off': 'The program does not sync annual terms like it',
  'not-mapped': 'The customer is not mapped',
  'sync-off': 'The customer’s Sync is off',
}

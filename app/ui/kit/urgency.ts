import type { Status } from '#lib/billing/types.ts'

/** First what is wrong, then what is new, then the rest. */
export const urgency: Readonly<Record<Status, number>> = { Error: 0, Warning: 1, Success: 2, 'No Change': 3 }

import type { IntakeContext } from '#lib/intake/context.ts'
import type { LedgerContext } from '#lib/ledger/context.ts'

/** What every verb of a product sync takes beside its input. */
export type ProductSyncContext = LedgerContext & Omit<IntakeContext, 'prism'>

/** The currency of the PRISM connection with customers and synced months behind it (B1). */
import type { Database } from '#db/client.ts'
import { connection } from '#db/connections/connections.ts'
import { billedSoFar } from '#db/mappings/period-states.ts'
import { lastEvent } from '#db/people/audit.ts'
import { ProductError } from '#lib/base/errors.ts'
import { prismSettingsSchema } from './stored-connections.ts'

const currencySchema = prismSettingsSchema.pick({ currency: true })

/** The connection's currency; after a disconnection the last one that it had. */
const knownCurrency = async (db: Database, organisationId: string): Promise<string | null> => {
  const stored = await connection(db, organisationId, 'prism')
  const last = await lastEvent(db, organisationId, ['connect-prism', 'disconnect-prism'])
  for (const settings of [stored?.settings, last?.detail['after'], last?.detail['before']]) {
    const read = currencySchema.safeParse(settings)
    if (read.success) return read.data.currency
  }
  return null
}

/**
 * Throws `currency-change-asks` where the currency would become another one and customers are mapped, or months were synced, in
 * the one of now; `isConfirmed`: a person said that it is meant.
 */
export const checkCurrency = async (
  db: Database,
  organisationId: string,
  { currency, isConfirmed }: { readonly currency: string; readonly isConfirmed: boolean },
): Promise<void> => {
  if (isConfirmed) return
  const known = await knownCurrency(db, organisationId)
  if (known === null || known === currency) return
  const { customers, months } = await billedSoFar(db, organisationId)
  if (customers === 0 && months === 0) return
  throw new ProductError(
    'currency-change-asks',
    `${counted(customers, 'customer is', 'customers are')} mapped and ${counted(months, 'month was', 'months were')} synced in ${known}. With ${currency} the amounts of PRISM’s invoices count as ${currency} from now on, and agreements in ${known} do not sync any more; what was written stays as it is.`,
  )
}

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`

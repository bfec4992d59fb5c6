import { ProductError } from '#lib/base/errors.ts'
import type { Database } from './client.ts'

/** PostgreSQL's code for a transaction that another one came in between of. */
const CAME_BETWEEN = '40001'

/**
 * Does `work` in a transaction that sees one moment of the database: what it reads is what it writes upon. Throws `conflict`
 * where somebody changed meanwhile what it writes.
 */
export const inSnapshot = async <T>(db: Database, work: (tx: Database) => Promise<T>): Promise<T> => {
  try {
    return await db.transaction(work, { isolationLevel: 'repeatable read' })
  } catch (error) {
    if (!hasCode(error, CAME_BETWEEN)) throw error
    throw new ProductError('conflict', 'Somebody changed one of the customers at this moment.')
  }
}

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && (('code' in error && error.code === code) || hasCode(error.cause, code))

/** How fast ConnectWise may be asked. */
import { pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { moment, organisation } from '../columns.ts'

/** Token bucket of a connection: `full_at` is when the bucket will be full again. */
export const pacing = pgTable(
  'pacing',
  {
    organisationId: organisation(),
    connection: text('connection', { enum: ['prism', 'connectwise'] }).notNull(),
    fullAt: moment('full_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.organisationId, t.connection] })],
)

/** How fast ConnectWise may be asked, and how often a connection was asked too much. */
import { integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
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

/** How often the other side of a connection said that it was asked too much (429), an hour a row; old hours are removed. */
export const throttledHours = pgTable(
  'throttled_hours',
  {
    organisationId: organisation(),
    connection: text('connection', { enum: ['prism', 'connectwise'] }).notNull(),
    /** When the hour began. */
    hour: moment('hour').notNull(),
    answers: integer('answers').notNull(),
  },
  (t) => [primaryKey({ columns: [t.organisationId, t.connection, t.hour] })],
)

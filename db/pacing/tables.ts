/** How fast ConnectWise may be asked, and how often a connection was asked too much. */
import { primaryKey } from 'drizzle-orm/pg-core'
import { count, moment, oneOf, organisation } from '../columns.ts'
import { table } from '../table.ts'

/** Token bucket of a connection: `full_at` is when the bucket will be full again. */
export const pacing = table(
  'pacing',
  {
    organisationId: organisation(),
    connection: oneOf('connection', ['prism', 'connectwise']).notNull(),
    fullAt: moment('full_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.organisationId, t.connection] })],
)

/** How often the other side of a connection said that it was asked too much (429), an hour a row; old hours are removed. */
export const throttledHours = table(
  'throttled_hours',
  {
    organisationId: organisation(),
    connection: oneOf('connection', ['prism', 'connectwise']).notNull(),
    /** When the hour began. */
    hour: moment('hour').notNull(),
    answers: count('answers').notNull(),
  },
  (t) => [primaryKey({ columns: [t.organisationId, t.connection, t.hour] })],
)

/** What was removed because its time was over, and what was packed because it is old (J14). */
import { bigint, integer, primaryKey, text } from 'drizzle-orm/pg-core'
import { bytes, count, moment, organisation, period } from '../columns.ts'
import { table } from '../table.ts'

/** How far each rule of `lib/keeping/times.ts` is. A part that is removed is counted in the same transaction. */
export const removals = table(
  'removals',
  {
    organisationId: organisation(),
    rule: text('rule').notNull(),
    /** When it last began to look through what there is. */
    beganAt: moment('began_at').notNull(),
    /** When it came to the end; `null`: it goes on where it is. */
    endedAt: moment('ended_at'),
    /** Where it goes on; `null`: at the beginning. */
    place: text('place'),
    /** Rows removed since it last began, and ever. */
    removed: bigint('removed', { mode: 'number' }).notNull().default(0),
    total: bigint('total', { mode: 'number' }).notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.organisationId, t.rule] })],
)

/** Plans of an agreement's month, all that its syncs made of it: packed once the month is old, and read back as they were. */
export const packedPlans = table(
  'packed_plans',
  {
    organisationId: organisation(),
    agreementId: integer('agreement_id').notNull(),
    period: period('period').notNull(),
    /** gzip around JSON (`packed.ts`). */
    packed: bytes('packed').notNull(),
    /** How many plans are in it. */
    plans: count('plans').notNull(),
    packedAt: moment('packed_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.organisationId, t.agreementId, t.period] })],
)

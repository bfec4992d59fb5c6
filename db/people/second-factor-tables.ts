/** What a person proves beside the password: what an authenticator counts with, and codes for the day it is lost. */
import { bigint, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { created, moment, organisation } from '../columns.ts'
import { table } from '../table.ts'

export const secondFactors = table(
  'second_factors',
  {
    organisationId: organisation(),
    userId: uuid('user_id').notNull(),
    /** The authenticator's secret, sealed. */
    sealed: text('sealed').notNull(),
    sealKeyId: text('seal_key_id').notNull(),
    createdAt: created(),
    /** `null` until the first code proved that the authenticator has it: it asks for nothing yet. */
    confirmedAt: moment('confirmed_at'),
    /** The half minute, counted from 1970, whose code was the last one to be used: no code works twice. */
    lastStep: bigint('last_step', { mode: 'number' }),
  },
  (t) => [primaryKey({ columns: [t.organisationId, t.userId] })],
)

/** Each works once. */
export const recoveryCodes = table(
  'recovery_codes',
  {
    organisationId: organisation(),
    userId: uuid('user_id').notNull(),
    /** SHA-256 of the code, hexadecimal. */
    codeHash: text('code_hash').notNull(),
    usedAt: moment('used_at'),
  },
  (t) => [primaryKey({ columns: [t.organisationId, t.userId, t.codeHash] })],
)

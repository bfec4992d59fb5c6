import type { Principal } from '#lib/auth/actions.ts'
import type { MonthContext } from '#lib/months/month.ts'
import type { Program } from '#lib/programs/registry.ts'
import { server } from './process.ts'

/** What a person says of a month is said with. */
export const monthContext = ({ organisationId, actor }: Principal, { slug }: Program): MonthContext => ({
  db: server().db,
  organisationId,
  program: slug,
  actor,
  now: () => new Date(),
})

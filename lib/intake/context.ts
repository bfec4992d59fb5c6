import type { Database } from '#db/client.ts'
import { type ProgramOptions, programSettings } from '#db/prism/programs.ts'
import type { Log } from '#lib/base/log.ts'
import type { Source } from '#lib/prism/values.ts'
import type { Program } from '#lib/programs/registry.ts'

/** What a look at PRISM takes. */
export interface IntakeContext {
  readonly db: Database
  readonly organisationId: string
  readonly program: Program
  readonly options: ProgramOptions
  /** Where invoices come from. */
  readonly prism: Source
  readonly now: () => Date
  readonly log: Log
  /** When a job has to leave the rest to another one; what runs without it has all the time it needs. */
  readonly until?: Date
}

/** A program's options as stored, its defaults where nothing is. */
export const programOptions = async (
  db: Database,
  organisationId: string,
  program: Program,
): Promise<ProgramOptions> => (await programSettings(db, organisationId, program.slug)) ?? program.defaults

/** Whether a job's time is up. */
export const isTimeUp = ({ until, now }: Pick<IntakeContext, 'until' | 'now'>): boolean =>
  until !== undefined && now() >= until

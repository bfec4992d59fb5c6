import { and, eq, isNull } from 'drizzle-orm'
import { lookNoLaterThan } from '#db/directory/due-looks.ts'
import { storable } from '#lib/base/storable-text.ts'
import type { Database } from '../client.ts'
import { programs } from './tables.ts'

export type ProgramSettings = typeof programs.$inferSelect
/** What a person sets. */
export type ProgramOptions = Omit<
  ProgramSettings,
  'organisationId' | 'program' | 'lastCheckedAt' | 'lastCheckError' | 'lastCheckCode'
>

const is = (organisationId: string, program: string) =>
  and(eq(programs.organisationId, organisationId), eq(programs.program, program))

/** Settings as stored; `null` before the program is set up (its defaults are in `lib/programs`). */
export const programSettings = async (
  db: Database,
  organisationId: string,
  program: string,
): Promise<ProgramSettings | null> =>
  (await db.select().from(programs).where(is(organisationId, program)))[0] ?? null

/** Slugs of the programs that somebody has set up. */
export const configuredPrograms = async (db: Database, organisationId: string): Promise<string[]> => {
  const rows = await db
    .select({ program: programs.program })
    .from(programs)
    .where(eq(programs.organisationId, organisationId))
  return rows.map(({ program }) => program)
}

/** Stores the settings; where the program is switched on or given another contract agreement by them, PRISM is looked at at once. */
export const putProgramSettings = async (
  db: Database,
  organisationId: string,
  program: string,
  options: ProgramOptions,
): Promise<void> => {
  const before = await programSettings(db, organisationId, program)
  const isPicked = before !== null && before.contractAgreementId !== options.contractAgreementId
  await db
    .insert(programs)
    .values({ ...options, organisationId, program })
    .onConflictDoUpdate({
      target: [programs.organisationId, programs.program],
      // What the last look said was of another contract agreement.
      set: { ...options, ...(isPicked ? { lastCheckCode: null } : {}) },
    })
  if (options.enabled && (isPicked || before?.enabled !== true))
    await lookNoLaterThan(db, organisationId, new Date())
}

/** The contract agreement where PRISM has a single one for the program (F14); one that a person picked is left alone. */
export const setContractAgreement = async (
  db: Database,
  organisationId: string,
  program: string,
  contractAgreementId: string,
): Promise<void> => {
  await db
    .update(programs)
    .set({ contractAgreementId })
    .where(and(is(organisationId, program), isNull(programs.contractAgreementId)))
}

export const noteProgramCheck = async (
  db: Database,
  organisationId: string,
  program: string,
  error: { readonly detail: string; readonly code: string | null } | null,
): Promise<void> => {
  await db
    .update(programs)
    .set({
      lastCheckedAt: new Date(),
      lastCheckError: error === null ? null : storable(error.detail),
      lastCheckCode: error?.code ?? null,
    })
    .where(is(organisationId, program))
}

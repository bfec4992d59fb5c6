import type { ShownProgram } from '#app/api/schemas/programs.ts'
import { server } from '#app/process/process.ts'
import { type ProgramSettings, programSettings } from '#db/prism/programs.ts'
import { type StoredSetAside, setAsideOf } from '#db/prism/set-aside.ts'
import type { Program } from '#lib/programs/registry.ts'

export async function storedProgram(organisationId: string, program: Program): Promise<ShownProgram> {
  const { db } = server()
  const [settings, setAside] = await Promise.all([
    programSettings(db, organisationId, program.slug),
    setAsideOf(db, organisationId, program.slug),
  ])
  return shownProgram(program, settings, setAside)
}

/** A program with its options, as stored or as they are before anybody set one. */
export function shownProgram(
  program: Program,
  stored: ProgramSettings | null,
  setAside: readonly StoredSetAside[],
): ShownProgram {
  const options = stored ?? { ...program.defaults, lastCheckedAt: null, lastCheckError: null }
  return {
    program: program.slug,
    name: program.name,
    enabled: options.enabled,
    productMode: options.productMode,
    syncAzure: options.syncAzure,
    annualTermsMonthly: options.annualTermsMonthly,
    exactAmounts: options.exactAmounts,
    marginPercent: options.marginPercent,
    firstSync: options.firstSync,
    emails: [...options.emails],
    contractAgreementId: options.contractAgreementId,
    defaults: options.defaults,
    guards: options.guards,
    lastCheckedAt: options.lastCheckedAt?.toISOString() ?? null,
    lastCheckError: options.lastCheckError,
    setAside: setAside.map(({ list, record, reason }) => ({ list, record, reason })),
  }
}

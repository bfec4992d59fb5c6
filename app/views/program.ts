import type { ShownProgram } from '#app/api/schemas/programs.ts'
import { server } from '#app/process/process.ts'
import { momentOf } from '#db/mappings/mutes.ts'
import { annualInvoicesInUse } from '#db/prism/annual-invoices.ts'
import { type ProgramSettings, programSettings } from '#db/prism/programs.ts'
import { type StoredSetAside, setAsideOf } from '#db/prism/set-aside.ts'
import { isDue } from '#lib/billing/annual/annual-situation.ts'
import { decimal, money, sum } from '#lib/billing/decimal.ts'
import type { Program } from '#lib/programs/registry.ts'

export async function storedProgram(organisationId: string, program: Program): Promise<ShownProgram> {
  const { db } = server()
  const [settings, setAside, annual] = await Promise.all([
    programSettings(db, organisationId, program.slug),
    setAsideOf(db, organisationId, program.slug),
    annualOf(organisationId, program),
  ])
  return shownProgram(program, settings, setAside, annual)
}

/** Since when annual invoices are carried, and what is left out of them. */
export async function annualOf(
  organisationId: string,
  program: Program,
): Promise<ShownProgram['annualInvoices']> {
  const { db } = server()
  const [settings, { today }, invoices] = await Promise.all([
    programSettings(db, organisationId, program.slug),
    momentOf(db, organisationId, program.slug, new Date()),
    annualInvoicesInUse(db, organisationId, program.slug),
  ])
  const since = settings?.annualTermsAtOnce ?? null
  const leftOut = invoices.filter((each) => !isDue(each, { options: { annualTermsAtOnce: since ?? today } }))
  const price = money(sum(leftOut.map((each) => decimal(each.price))))
  return { since, leftOut: { invoices: leftOut.length, price } }
}

/** A program with its options, as stored or as they are before anybody set one. */
export function shownProgram(
  program: Program,
  stored: ProgramSettings | null,
  setAside: readonly StoredSetAside[],
  annualInvoices: ShownProgram['annualInvoices'],
): ShownProgram {
  const options = stored ?? { ...program.defaults, lastCheckedAt: null, lastCheckError: null }
  return {
    program: program.slug,
    name: program.name,
    enabled: options.enabled,
    productMode: options.productMode,
    syncAzure: options.syncAzure,
    annualTermsMonthly: options.annualTermsMonthly,
    annualTermsAtOnce: options.annualTermsAtOnce !== null,
    exactAmounts: options.exactAmounts,
    marginPercent: options.marginPercent,
    firstSync: options.firstSync,
    emails: [...options.emails],
    contractAgreementId: options.contractAgreementId,
    defaults: options.defaults,
    guards: options.guards,
    annualInvoices,
    lastCheckedAt: options.lastCheckedAt?.toISOString() ?? null,
    lastCheckError: options.lastCheckError,
    setAside: setAside.map(({ list, record, reason }) => ({ list, record, reason })),
  }
}

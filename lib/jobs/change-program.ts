/** A person changes a program's options, and what that does at once to its runs, its customers and what waits. */
import type { Database } from '#db/client.ts'
import { forgetPreflights } from '#db/connections/preflights.ts'
import { noticeNoLaterThan } from '#db/directory/due-notices.ts'
import { bringMonthlySyncs } from '#db/mappings/bring-sync.ts'
import { momentOf } from '#db/mappings/mutes.ts'
import { lookAtOneTimeAgain } from '#db/mappings/one-time.ts'
import { audit } from '#db/people/audit.ts'
import { lookAtTurnedAnnual } from '#db/prism/at-once-from.ts'
import { type ProgramOptions, programSettings, putProgramSettings } from '#db/prism/programs.ts'
import { requestStopOfProgram } from '#db/runs/stops.ts'
import { judgeUnapplied } from '#lib/intake/guarded.ts'
import type { Program } from '#lib/programs/registry.ts'
import { passOverByProgram } from '#lib/sync/missed.ts'

export interface ChangeProgramContext {
  readonly db: Database
  readonly organisationId: string
  readonly program: Program
  readonly actor: string
  readonly now: () => Date
  /** Throws where PRISM lists no such contract agreement for the program. */
  readonly refuseUnknownAgreement: (id: string) => Promise<void>
}

type Given<T> = { readonly [K in keyof T]?: T[K] | undefined }

/** Left-out fields keep their values; `null` switches a guard off. */
export interface ProgramChange
  extends Given<Omit<ProgramOptions, 'defaults' | 'guards' | 'annualTermsAtOnce'>> {
  /** Switched on it holds from today on, where the organisation lives; one that is on keeps its day. */
  readonly annualTermsAtOnce?: boolean | undefined
  readonly defaults?: Given<ProgramOptions['defaults']> | undefined
  readonly guards?: Given<ProgramOptions['guards']> | undefined
  /** Where Sync is switched on again, which of the months missed meanwhile its customers sync; left out: all. */
  readonly missed?: 'latest' | 'all' | undefined
}

interface Change {
  readonly ctx: ChangeProgramContext
  readonly input: ProgramChange
}

/** Throws what `refuseUnknownAgreement` throws; nothing is changed then. */
export async function changeProgram({ ctx, input }: Change): Promise<void> {
  const { db, organisationId, program } = ctx
  const picked = input.contractAgreementId ?? null
  const known = (await programSettings(db, organisationId, program.slug))?.contractAgreementId
  if (picked !== null && picked !== known) await ctx.refuseUnknownAgreement(picked)
  await db.transaction((tx) => changeIn(tx, { ctx, input }))
}

async function changeIn(tx: Database, { ctx, input }: Change): Promise<void> {
  const { organisationId, program, actor } = ctx
  const before = optionsOf((await programSettings(tx, organisationId, program.slug)) ?? program.defaults)
  const { annualTermsAtOnce: isOn, ...others } = input
  const { today } = await momentOf(tx, organisationId, program.slug, ctx.now())
  const since =
    isOn === undefined ? before.annualTermsAtOnce : isOn ? (before.annualTermsAtOnce ?? today) : null
  const after = { ...changedBy(before, others), annualTermsAtOnce: since }
  await putProgramSettings(tx, organisationId, program.slug, after)
  // F16: a run in progress ends after the write in flight, as if it had been stopped.
  if (before.enabled && !after.enabled) {
    const why = `Sync of ${program.name} was switched off`
    await requestStopOfProgram(tx, organisationId, program.slug, actor, why)
  }
  if (!before.enabled && after.enabled && input.missed === 'latest')
    await passOverByProgram(tx, { organisationId, program, options: after, actor })
  const detail = difference(before, after)
  if ('guards' in detail.after || 'annualTermsMonthly' in detail.after)
    await judgeUnapplied({ db: tx, organisationId, program: program.slug }, ctx.now())
  if (planOptions.some((key) => key in detail.after))
    await bringMonthlySyncs(tx, organisationId, program.slug, null, ctx.now())
  if (before.annualTermsAtOnce === null && since !== null) {
    await lookAtOneTimeAgain(tx, organisationId, program.slug, ctx.now())
    await lookAtTurnedAnnual(tx, organisationId, program.slug, ctx.now())
  }
  // Who is told now hears of what is so already.
  if ('emails' in detail.after) await noticeNoLaterThan(tx, organisationId, ctx.now())
  // They name what the preflight looks for.
  if (input.defaults !== undefined) await forgetPreflights(tx, organisationId)
  await audit(tx, organisationId, { actor, action: 'change-program', subject: program.slug, detail })
}

/** What plans are made by: what another choice changes only a sync writes, or says. */
const planOptions: readonly (keyof ProgramOptions)[] = [
  'syncAzure',
  'annualTermsMonthly',
  'exactAmounts',
  'marginPercent',
]

/** The options alone, of settings as they are stored. */
const optionsOf = (stored: ProgramOptions): ProgramOptions => ({
  enabled: stored.enabled,
  productMode: stored.productMode,
  syncAzure: stored.syncAzure,
  annualTermsMonthly: stored.annualTermsMonthly,
  exactAmounts: stored.exactAmounts,
  annualTermsAtOnce: stored.annualTermsAtOnce,
  marginPercent: stored.marginPercent,
  firstSync: stored.firstSync,
  emails: stored.emails,
  contractAgreementId: stored.contractAgreementId,
  defaults: stored.defaults,
  guards: stored.guards,
})

const changedBy = (
  before: ProgramOptions,
  { missed: _, defaults = {}, guards = {}, ...options }: Omit<ProgramChange, 'annualTermsAtOnce'>,
): ProgramOptions => ({
  ...before,
  ...given(options),
  defaults: { ...before.defaults, ...given(defaults) },
  guards: { ...before.guards, ...given(guards) },
})

/** Only the fields that are there. */
const given = <T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }

/** Only the options that became others. */
function difference(from: ProgramOptions, to: ProgramOptions): { before: object; after: object } {
  const keys = (Object.keys(to) as (keyof ProgramOptions)[]).filter(
    (key) => JSON.stringify(from[key]) !== JSON.stringify(to[key]),
  )
  const only = (values: ProgramOptions) => Object.fromEntries(keys.map((key) => [key, values[key]]))
  return { before: only(from), after: only(to) }
}

import { authorise, bodyOf, programOf, reply, route } from '#app/http/route.ts'
import { refuseUnknownAgreement } from '#app/process/contract-agreements.ts'
import { server } from '#app/process/process.ts'
import { shownProgram } from '#app/views/program.ts'
import { forgetPreflights } from '#db/connections/preflights.ts'
import { audit } from '#db/people/audit.ts'
import { programSettings, putProgramSettings } from '#db/prism/programs.ts'
import { setAsideOf } from '#db/prism/set-aside.ts'
import { requestStopOfProgram } from '#db/runs/runs.ts'
import { judgeUnapplied } from '#lib/intake/guarded.ts'
import type { Program } from '#lib/programs/registry.ts'
import { passOverByProgram } from '#lib/sync/missed.ts'
import { programInputSchema, programSchema } from '../../schemas/programs.ts'

interface Params {
  readonly program: string
}

export const GET = route<Params>(async (request, params) => {
  const program = programOf(params.program)
  const { organisationId } = await authorise(request, 'program.read')
  return reply(programSchema, await storedProgram(organisationId, program))
})

async function storedProgram(organisationId: string, program: Program) {
  const { db } = server()
  const [settings, setAside] = await Promise.all([
    programSettings(db, organisationId, program.slug),
    setAsideOf(db, organisationId, program.slug),
  ])
  return shownProgram(program, settings, setAside)
}

export const PUT = route<Params>(async (request, params) => {
  const program = programOf(params.program)
  const { organisationId, actor } = await authorise(request, 'program.write')
  const input = await bodyOf(request, programInputSchema)
  const { db } = server()
  const picked = input.contractAgreementId ?? null
  if (
    picked !== null &&
    picked !== (await programSettings(db, organisationId, program.slug))?.contractAgreementId
  )
    await refuseUnknownAgreement(organisationId, program, picked)
  await db.transaction(async (tx) => {
    const stored = (await programSettings(tx, organisationId, program.slug)) ?? program.defaults
    const options = {
      ...program.defaults,
      ...defined(stored),
      ...defined(input),
      defaults: { ...stored.defaults, ...defined(input.defaults ?? {}) },
      guards: { ...stored.guards, ...defined(input.guards ?? {}) },
    }
    const {
      enabled,
      productMode,
      syncAzure,
      annualTermsMonthly,
      firstSync,
      emails,
      contractAgreementId,
      defaults,
      guards,
    } = options
    const after = {
      enabled,
      productMode,
      syncAzure,
      annualTermsMonthly,
      firstSync,
      emails,
      contractAgreementId,
      defaults,
      guards,
    }
    await putProgramSettings(tx, organisationId, program.slug, after)
    // F16: a run in progress ends after the write in flight, as if it had been stopped.
    if (stored.enabled && !enabled)
      await requestStopOfProgram(
        tx,
        organisationId,
        program.slug,
        actor,
        `Sync of ${program.name} was switched off`,
      )
    if (!stored.enabled && enabled && input.missed === 'latest')
      await passOverByProgram(tx, { organisationId, program, options: after, actor })
    const detail = changed(stored, after)
    if ('guards' in detail.after || 'annualTermsMonthly' in detail.after)
      await judgeUnapplied({ db: tx, organisationId, program: program.slug }, new Date())
    // They name what the preflight looks for.
    if (input.defaults !== undefined) await forgetPreflights(tx, organisationId)
    await audit(tx, organisationId, { actor, action: 'change-program', subject: program.slug, detail })
  })
  return reply(programSchema, await storedProgram(organisationId, program))
})

/** Only the options that became others. */
function changed<T extends object>(from: T, to: T): { before: object; after: object } {
  const keys = (Object.keys(to) as (keyof T)[]).filter(
    (key) => JSON.stringify(from[key]) !== JSON.stringify(to[key]),
  )
  const only = (values: T) => Object.fromEntries(keys.map((key) => [key, values[key]]))
  return { before: only(from), after: only(to) }
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> }

/** Only the fields that are there: a left-out field keeps its value. */
const defined = <T extends object>(fields: T): Defined<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>

/** What the company pod and the company tab show (H2): what is stored, and of ConnectWise the company's agreements. */
import type { CompanyAgreement, CompanyContent } from '#app/api/schemas/company.ts'
import type { SyncResult } from '#app/api/schemas/pod.ts'
import { detailOf } from '#app/http/detail-of.ts'
import { currencyOf } from '#app/process/clients.ts'
import { server } from '#app/process/process.ts'
import { sum } from '#app/ui/kit/money.ts'
import { invoicedOfSynced, verdict } from '#app/ui/plan/agreement-of-amounts.ts'
import { type Cause, causesOf } from '#app/ui/plan/causes.ts'
import { termTexts } from '#app/ui/plan/term-texts.ts'
import type { CompanyReading } from '#db/connections/company-readings.ts'
import { connection } from '#db/connections/connections.ts'
import { type Mapping, mappingsOfCompany } from '#db/mappings/mappings.ts'
import { type OneTimeMapping, oneTimeMappingsOfCompany } from '#db/mappings/one-time.ts'
import { programSettings } from '#db/prism/programs.ts'
import { lastFinishedItem, shownUnfinishedItem } from '#db/runs/runs.ts'
import type { Principal } from '#lib/auth/actions.ts'
import { type ProductError, problemOf } from '#lib/base/errors.ts'
import { agreementFindings, goneFinding } from '#lib/billing/agreement-rules.ts'
import { billingDay } from '#lib/billing/annual/one-time-bill.ts'
import { oneTimeUnfitness } from '#lib/billing/annual/one-time-rules.ts'
import type { Agreement } from '#lib/billing/types.ts'
import { programOptions } from '#lib/intake/context.ts'
import { searchWord } from '#lib/matching/names.ts'
import { type Program, programs } from '#lib/programs/registry.ts'
import { monthsMissed } from '#lib/sync/missed.ts'
import {
  mappedTenants,
  movedTenants,
  namedProgram,
  oneTimeTenants,
  podRights,
  progressOf,
  resultOf,
  secondOf,
} from './agreement-content.ts'
import { type ReadWhen, readCompany } from './company-reading.ts'
import { customersLike } from './company-suggestions.ts'
import { agreementUse } from './mapping.ts'

type Tenants = ReadonlyMap<string, CompanyAgreement['tenants'][number]>

/** Looked for only where the newest invoice with a customer is not the one that its last sync took up. */
async function behindOf(
  organisationId: string,
  program: Program,
  mappings: readonly Mapping[],
  tenants: Tenants,
): Promise<CompanyAgreement['behind']> {
  const { db } = server()
  const open = mappings.filter(({ tenantId, syncEnabled, attemptedInvoiceId }) => {
    const next = tenants.get(tenantId)?.firstSync ?? null
    return syncEnabled && next !== null && next.invoiceId !== attemptedInvoiceId
  })
  if (open.length === 0) return null
  const options = await programOptions(db, organisationId, program)
  const months = (
    await Promise.all(open.map((each) => monthsMissed({ db, organisationId, program, options }, each)))
  ).flat()
  const newest = months
    .map(({ period }) => period)
    .sort()
    .at(-1)
  if (newest === undefined) return null
  return { period: newest, price: months.reduce((all, { price }) => sum(all, price), '0') }
}

type ShownCause = CompanyAgreement['causes'][number]

/** How many causes of one agreement are told; what it says of all of them is one press away. */
const CAUSES = 3

/** Throws `not-found` where ConnectWise says that there is no such company, and nothing is mapped to one. */
export async function companyContent(
  principal: Principal,
  companyId: number,
  when: ReadWhen,
): Promise<CompanyContent> {
  const { db } = server()
  const { organisationId } = principal
  const [{ reading, problem }, currency, prism, mapped, oneTime, settings] = await Promise.all([
    readCompany(organisationId, companyId, when),
    currencyOf(organisationId),
    connection(db, organisationId, 'prism'),
    Promise.all(programs.map(({ slug }) => mappingsOfCompany(db, organisationId, slug, companyId))),
    Promise.all(programs.map(({ slug }) => oneTimeMappingsOfCompany(db, organisationId, slug, companyId))),
    Promise.all(programs.map(({ slug }) => programSettings(db, organisationId, slug))),
  ])
  const taken = [...mapped.flat(), ...oneTime.flat()]
  const [first] = taken
  if (problem?.code === 'not-found' && first === undefined) throw problem
  const company = {
    id: companyId,
    name: reading?.company.name ?? first?.companyName ?? `Company ${companyId}`,
  }
  const agreements = programs.flatMap((program, i) => [
    ...mappedAgreements(organisationId, program, mapped[i] ?? [], reading),
    ...oneTimeAgreements(organisationId, program, oneTime[i] ?? [], reading),
  ])
  const shown = await Promise.all([...agreements, ...otherAgreements(organisationId, taken, reading)])
  return {
    company,
    currency,
    isPrismConnected: prism !== null,
    programs: programs.map((program, i) => ({
      ...namedProgram(program),
      enabled: settings[i]?.enabled ?? false,
      lastCheckedAt: settings[i]?.lastCheckedAt?.toISOString() ?? null,
    })),
    readAt: reading?.readAt.toISOString() ?? null,
    problem: problem === null ? null : shownProblem(problem),
    agreements: shown,
    unreadable: [...(reading?.unreadable ?? [])],
    suggested: await customersLike(principal, companyId, reading),
    search: searchWord(company.name),
    may: podRights(principal),
  }
}

const shownProblem = (error: ProductError) => ({
  message: detailOf(error),
  remedy: problemOf(error.code, '').remedy,
})

/** Agreements with customers, each by itself. */
function mappedAgreements(
  organisationId: string,
  program: Program,
  mappings: readonly Mapping[],
  reading: CompanyReading | null,
): Promise<CompanyAgreement>[] {
  const byAgreement = Map.groupBy(mappings, ({ agreementId }) => agreementId)
  return [...byAgreement.values()].map((ofAgreement) =>
    mappedAgreement(organisationId, program, ofAgreement, reading),
  )
}

async function mappedAgreement(
  organisationId: string,
  program: Program,
  mappings: readonly Mapping[],
  reading: CompanyReading | null,
): Promise<CompanyAgreement> {
  const { db } = server()
  const { slug } = program
  const [first] = mappings
  if (first === undefined) throw new Error('An agreement without customers is not a mapped one')
  const { agreementId: id, agreementName } = first
  const [tenants, moved, finished, unfinished, use] = await Promise.all([
    mappedTenants(organisationId, slug, mappings),
    movedTenants(organisationId, slug, id),
    lastFinishedItem(db, organisationId, slug, id),
    shownUnfinishedItem(db, organisationId, slug, id),
    agreementUse(organisationId, slug, null),
  ])
  const result = finished === null ? null : await resultOf(organisationId, finished)
  const record = reading?.agreements.find((each) => each.id === id)
  // What it must be for the months that sync is judged by each sync; from today on is what can still be changed.
  const findings =
    record !== undefined ? agreementFindings(record, use) : isGone(reading) ? [goneFinding()] : null
  return {
    id,
    isOneTime: false,
    name: record?.name ?? agreementName,
    type: record?.type ?? '',
    findings,
    program: namedProgram(program),
    tenants: [...tenants.values()],
    moved,
    ...lastOf(result),
    second: null,
    behind: await behindOf(organisationId, program, mappings, tenants),
    running: unfinished === null ? null : await progressOf(organisationId, unfinished),
  }
}

/** One-Time agreements with customers, each by itself (J9). */
function oneTimeAgreements(
  organisationId: string,
  program: Program,
  mappings: readonly OneTimeMapping[],
  reading: CompanyReading | null,
): Promise<CompanyAgreement>[] {
  const byAgreement = Map.groupBy(mappings, ({ agreementId }) => agreementId)
  return [...byAgreement].flatMap(([id, of]) =>
    of[0] === undefined
      ? []
      : [oneTimeAgreement(organisationId, program, id, of[0].agreementName, of, reading)],
  )
}

async function oneTimeAgreement(
  organisationId: string,
  program: Program,
  id: number,
  name: string,
  mappings: readonly OneTimeMapping[],
  reading: CompanyReading | null,
): Promise<CompanyAgreement> {
  const { db } = server()
  const { slug } = program
  const [tenants, finished, unfinished, use] = await Promise.all([
    oneTimeTenants(organisationId, slug, mappings),
    lastFinishedItem(db, organisationId, slug, id),
    shownUnfinishedItem(db, organisationId, slug, id),
    agreementUse(organisationId, slug, null),
  ])
  const record = reading?.agreements.find((each) => each.id === id)
  const result = finished === null ? null : await resultOf(organisationId, finished)
  const unfit = (of: Agreement) => oneTimeUnfitness(of, billingDay(of, use.today), use.currency)
  return {
    id,
    isOneTime: true,
    name: record?.name ?? name,
    type: record?.type ?? '',
    findings: record !== undefined ? unfit(record) : isGone(reading) ? [goneFinding()] : null,
    program: namedProgram(program),
    tenants,
    moved: [],
    ...lastOf(result),
    second: await secondOf(organisationId, slug, id, result),
    behind: null,
    running: unfinished === null ? null : await progressOf(organisationId, unfinished),
  }
}

/** Whether what is not in the reading is not in ConnectWise: what of it cannot be read may be it. */
const isGone = (reading: CompanyReading | null): boolean =>
  reading !== null && reading.unreadable.length === 0

/** What the last sync found: its newest month, and what is wrong, told once. */
function lastOf(
  result: SyncResult | null,
): Pick<CompanyAgreement, 'result' | 'proof' | 'causes' | 'causeCount'> {
  if (result === null) return { result: null, proof: null, causes: [], causeCount: 0 }
  const { periods, ...last } = result
  const [newest] = periods
  const causes = withoutRepeats(causesOf([...periods].reverse(), null).map(shownCause))
  return {
    result: last,
    proof: newest === undefined ? null : proofOf(newest),
    causes: causes.slice(0, CAUSES),
    causeCount: causes.length,
  }
}

function proofOf({
  period,
  invoiceId,
  annual,
  totals,
  subscriptions,
}: SyncResult['periods'][number]): CompanyAgreement['proof'] {
  const failing = subscriptions.filter(({ status }) => status === 'Error').length
  const waiting = subscriptions.filter(
    ({ waits, askedLines = [] }) => waits !== undefined || askedLines.length > 0,
  ).length
  const { tone, sentence, terms } = verdict(totals, 'price', failing, waiting)
  return {
    period,
    annual: annual === undefined ? null : { invoiceId, issuedOn: annual.issuedOn },
    invoiced: invoicedOfSynced(totals, 'price'),
    billed: totals.billed.price,
    verdict: {
      tone,
      sentence,
      terms: terms.map(({ term, amount }) => ({ amount, reason: termTexts[term] })),
    },
    waiting,
  }
}

/** The same of several subscriptions of a product is told once, with the money of all. */
function withoutRepeats(causes: readonly ShownCause[]): ShownCause[] {
  const keyOf = ({ product, message, from, to }: ShownCause): string =>
    JSON.stringify([product, message, from, to])
  return [...Map.groupBy(causes, keyOf).values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [others.reduce(added, first)],
  )
}

const added = (one: ShownCause, { amounts }: ShownCause): ShownCause =>
  one.amounts === null || amounts === null
    ? one
    : {
        ...one,
        amounts: {
          invoiced: sum(one.amounts.invoiced, amounts.invoiced),
          billed: sum(one.amounts.billed, amounts.billed),
        },
      }

const shownCause = ({ product, finding, from, to, amounts }: Cause): ShownCause => ({
  product,
  code: finding.code,
  severity: finding.severity === 'error' ? 'error' : 'warning',
  message: finding.message,
  detail: finding.detail ?? null,
  remedy: [finding.stillWrong, finding.remedy].filter(Boolean).join(' ') || null,
  from,
  to,
  amounts,
})

/** Agreements of the company without a customer, as ConnectWise gave them: what speaks against them comes with them (E4). */
function otherAgreements(
  organisationId: string,
  mappings: readonly Pick<Mapping, 'agreementId'>[],
  reading: CompanyReading | null,
): Promise<CompanyAgreement>[] {
  const taken = new Set(mappings.map(({ agreementId }) => agreementId))
  const [program] = programs
  const free = reading?.agreements.filter(({ id }) => !taken.has(id)) ?? []
  return free.map(async (record) => ({
    id: record.id,
    isOneTime: false,
    name: record.name,
    type: record.type,
    findings: agreementFindings(record, await agreementUse(organisationId, program.slug, null)),
    program: namedProgram(program),
    tenants: [],
    moved: await movedTenants(organisationId, program.slug, record.id),
    ...lastOf(null),
    second: null,
    behind: null,
    running: null,
  }))
}

/**
 * Many mappings at once: by a file, as they were suggested, or by switching the Sync of a selection. All are judged by the rules of
 * one customer's form, shown, and then saved together where they would still do the same (E2-E4, J7).
 */
import { createHash } from 'node:crypto'
import { MOST_CHANGES, type Review, type ShownChange } from '#app/api/schemas/mappings.ts'
import { refuse } from '#app/http/api-route.ts'
import { RequestRefused } from '#app/http/problem.ts'
import { monthsOn } from '#app/views/beginning.ts'
import { today } from '#app/views/mapping.ts'
import type { Mapping } from '#db/mappings/mappings.ts'
import { audit } from '#db/people/audit.ts'
import { tenantsByIds } from '#db/prism/tenants.ts'
import { inSnapshot } from '#db/snapshot.ts'
import type { Principal } from '#lib/auth/actions.ts'
import { decimal, money, sum } from '#lib/billing/decimal.ts'
import { programOptions } from '#lib/intake/context.ts'
import { UnreadableFile } from '#lib/mapping-file/text-of.ts'
import type { Program } from '#lib/programs/registry.ts'
import { type Change, decisiveText, judgeMany, type ManyContext, storeMany } from '#lib/setup/map-many.ts'
import { passOverMissed } from '#lib/sync/missed.ts'
import { currencyOf } from './clients.ts'
import { doubledIn } from './doubled.ts'
import { type MeantFile, meantIn } from './mapping-file.ts'
import { agreementsToJudge, type Match, meantByMatches } from './meant-matches.ts'
import { server } from './process.ts'
import { mappingsOfSelection, type Selection } from './selection.ts'

/** What is asked for, before it is judged. */
type Source =
  | { readonly file: string }
  | { readonly matches: readonly Match[] }
  | (Selection & { readonly syncEnabled: boolean })

interface Prepared extends Pick<MeantFile, 'rows' | 'unused' | 'unreadable' | 'column'> {
  readonly ctx: ManyContext
  readonly program: Program
}

type Missed = 'latest' | 'all'

/** Throws `request-invalid` where the file cannot be read, `not-mapped`, and what ConnectWise's refusals are. */
export async function reviewChanges(principal: Principal, program: Program, source: Source): Promise<Review> {
  const prepared = await prepare(principal, program, source)
  const changes = await judged(prepared.ctx, prepared)
  const shown = await shownChanges(prepared, changes)
  const counts = {
    map: 0,
    'sync-on': 0,
    'sync-off': 0,
    wrong: 0,
    nothing: prepared.rows.length - shown.length,
  }
  for (const { does } of shown) counts[does] += 1
  return {
    seen: await seenOf(prepared.ctx, prepared, changes),
    changes: shown.toSorted((a, b) => Number(b.does === 'wrong') - Number(a.does === 'wrong')),
    counts,
    takes: takenBy(shown),
    currency: prepared.ctx.currency,
    unused: [...prepared.unused],
    unreadable: [...prepared.unreadable],
  }
}

function takenBy(changes: readonly ShownChange[]): Review['takes'] {
  const byPeriod = Map.groupBy(
    changes.flatMap(({ months }) => months),
    ({ period }) => period,
  )
  return [...byPeriod]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([period, of]) => ({
      period,
      customers: of.length,
      price: money(sum(of.map(({ price }) => decimal(price)))),
    }))
}

interface Shown {
  readonly seen: string
  readonly missed?: Missed | undefined
  /** Customers of the review that stay as they are. */
  readonly leftOut?: readonly string[] | undefined
  /** Under which name the mappings can be taken back together. */
  readonly acceptedIn?: string
}

/**
 * Saves what the review showed, all of it but what is left out, or nothing. Throws `conflict` where it would do something else by
 * now.
 */
export async function saveChanges(
  principal: Principal,
  program: Program,
  source: Source,
  { seen, missed = 'all', leftOut = [], acceptedIn }: Shown,
): Promise<{ saved: number }> {
  const prepared = await prepare(principal, program, source)
  const { organisationId, actor } = principal
  const options = await programOptions(server().db, organisationId, program)
  const passOver: ManyContext['onSwitchedOn'] = (tx, of) =>
    passOverMissed(tx, { organisationId, program, options, actor }, of)
  const saved = await inSnapshot(server().db, async (tx) => {
    const ctx = {
      ...prepared.ctx,
      db: tx,
      ...(missed === 'all' ? {} : { onSwitchedOn: passOver }),
      ...(acceptedIn === undefined ? {} : { acceptedIn }),
    }
    const changes = await judged(ctx, prepared)
    if ((await seenOf(ctx, prepared, changes)) !== seen)
      throw refuse('conflict', 'This would do something else now than what was shown, so nothing was saved.')
    const isLeftOut = new Set(leftOut)
    const count = await storeMany(
      ctx,
      changes.filter(({ wanted }) => !isLeftOut.has(wanted.tenantId)),
    )
    if (count === 0) throw refuse('conflict', 'There is nothing to save.')
    const action = actionOf(source)
    const accepted = acceptedIn === undefined ? {} : { acceptance: acceptedIn }
    const detail = { saved: count, rows: prepared.rows.length, ...accepted }
    await audit(tx, organisationId, { actor, action, subject: program.slug, detail })
    return count
  })
  return { saved }
}

const actionOf = (source: Source): string =>
  'file' in source ? 'import-mappings' : 'matches' in source ? 'accept-mappings' : 'switch-customers'

async function prepare(
  { organisationId, actor }: Principal,
  program: Program,
  source: Source,
): Promise<Prepared> {
  const { db } = server()
  const meant =
    'file' in source
      ? await ofFile(organisationId, program, source.file)
      : 'matches' in source
        ? await meantByMatches(organisationId, program, source.matches)
        : await ofSelection(organisationId, program, source)
  const changing = meant.rows.filter(({ before, after }) => after !== null && !isSame(before, after))
  if (changing.length > MOST_CHANGES)
    throw new RequestRefused([
      'file' in source
        ? {
            field: 'file',
            message: `The file changes ${changing.length} customers; at most ${MOST_CHANGES} are changed at once. Divide it.`,
          }
        : {
            field: 'fit',
            message: `This changes ${changing.length} customers; at most ${MOST_CHANGES} are changed at once. Search for fewer.`,
          },
    ])
  const agreements = await agreementsToJudge(organisationId, meant.agreements, changing)
  const currency = await currencyOf(organisationId)
  const switchedOn = changing.flatMap(({ tenant, before, after }) => {
    const isOn = after?.syncEnabled === true && before?.syncEnabled !== true
    const isMove = before !== null && before.agreementId !== after?.agreementId
    return tenant === null || after === null || !isOn || isMove ? [] : [{ ...after, tenantId: tenant.id }]
  })
  const ctx = {
    db,
    organisationId,
    program: program.slug,
    actor,
    currency,
    today: today(),
    agreements,
    doubled: await doubledIn({ organisationId, actor }, program, switchedOn),
  }
  return { ...meant, ctx, program }
}

const isSame = (
  before: Pick<Mapping, 'agreementId' | 'syncEnabled'> | null,
  after: Pick<Mapping, 'agreementId' | 'syncEnabled'>,
): boolean => before?.agreementId === after.agreementId && before.syncEnabled === after.syncEnabled

async function ofFile(organisationId: string, program: Program, base64: string): Promise<MeantFile> {
  try {
    return await meantIn(organisationId, program, Buffer.from(base64, 'base64'))
  } catch (error) {
    if (error instanceof UnreadableFile) throw new RequestRefused([{ field: 'file', message: error.reason }])
    throw error
  }
}

/** The customers where they are, with another Sync. Off needs nothing of ConnectWise. Throws `not-mapped`, `conflict`. */
async function ofSelection(
  organisationId: string,
  program: Program,
  { syncEnabled, ...selection }: Selection & { readonly syncEnabled: boolean },
): Promise<MeantFile> {
  const { db } = server()
  const mapped = (await mappingsOfSelection(organisationId, program, selection)) ?? []
  const ids = mapped.map(({ tenantId }) => tenantId)
  const tenants = new Map(
    (await tenantsByIds(db, organisationId, program.slug, ids)).map((each) => [each.id, each]),
  )
  return {
    rows: mapped.map((before) => ({
      row: 0,
      tenant: tenants.get(before.tenantId) ?? { id: before.tenantId, name: before.tenantId, domain: '' },
      written: before.tenantId,
      before,
      after: { ...before, syncEnabled },
      problems: [],
    })),
    agreements: new Map(),
    unused: [],
    unreadable: [],
    column: null,
  }
}

/** What becomes of each row that means something, in their order. */
const judged = (ctx: ManyContext, { rows }: Prepared): Promise<Change[]> =>
  judgeMany(
    ctx,
    rows.flatMap(({ tenant, after }) =>
      tenant === null || after === null
        ? []
        : [
            {
              tenantId: tenant.id,
              companyId: after.companyId,
              agreementId: after.agreementId,
              syncEnabled: after.syncEnabled,
            },
          ],
    ),
  )

async function seenOf(
  ctx: ManyContext,
  { rows }: Pick<Prepared, 'rows'>,
  changes: readonly Change[],
): Promise<string> {
  const wrong = rows.map(({ row, tenant, problems }) => [row, tenant?.id, problems])
  return createHash('sha256')
    .update(JSON.stringify(wrong))
    .update(await decisiveText(ctx, changes))
    .digest('hex')
}

/** Amounts are read for so many customers at a time. */
const AT_A_TIME = 8

async function shownChanges(
  { ctx, program, rows, column }: Prepared,
  changes: readonly Change[],
): Promise<ShownChange[]> {
  const ofTenant = new Map(changes.map((each) => [each.wanted.tenantId, each]))
  const options = await programOptions(ctx.db, ctx.organisationId, program)
  const settings = { db: ctx.db, organisationId: ctx.organisationId, program, options }
  const shown: ShownChange[] = []
  const one = async (of: Prepared['rows'][number]): Promise<ShownChange[]> => {
    const { row, tenant, written, before, after, problems } = of
    const change = tenant === null || after === null ? undefined : ofTenant.get(tenant.id)
    const known = {
      row: row === 0 ? null : row,
      tenantId: tenant?.id ?? null,
      name: tenant?.name ?? written,
      domain: tenant?.domain ?? '',
      from: before === null ? null : placeOf(before),
      to: after === null ? null : placeOf(after),
      months: [],
      isFirst: false,
    }
    if (problems.length > 0) return [{ ...known, does: 'wrong', problems: [...problems] }]
    if (change?.does === 'refused')
      return [{ ...known, does: 'wrong', problems: [{ column, says: change.says }] }]
    if (change === undefined || change.does === 'nothing') return []
    const { wanted, judged: of_ } = change
    const next = wanted.syncEnabled
      ? await monthsOn(settings, wanted, of_.before)
      : { months: [], isFirst: false }
    return [{ ...known, does: change.does, problems: [], months: [...next.months], isFirst: next.isFirst }]
  }
  for (let at = 0; at < rows.length; at += AT_A_TIME)
    shown.push(...(await Promise.all(rows.slice(at, at + AT_A_TIME).map(one))).flat())
  return shown
}

const placeOf = (
  of: Pick<Mapping, 'companyId' | 'companyName' | 'agreementId' | 'agreementName' | 'syncEnabled'>,
) => ({
  companyId: of.companyId,
  companyName: of.companyName,
  agreementId: of.agreementId,
  agreementName: of.agreementName,
  syncEnabled: of.syncEnabled,
})

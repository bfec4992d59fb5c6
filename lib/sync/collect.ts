/** Collect: every read that planning one agreement needs, as one immutable value. */
import { ownedAdditions } from '#db/ledger/changes.ts'
import { type Mapping, mappingsOfAgreement, mappingsOfTenants } from '#db/mappings/mappings.ts'
import { latestLines, linesElsewhere, usage as readUsage } from '#db/prism/invoice-lines.ts'
import type { Invoice } from '#db/prism/invoices.ts'
import { productsNamed } from '#db/prism/products.ts'
import { foreignSubscriptions, subscriptionsOfTenants, tenantsByIds } from '#db/prism/tenants.ts'
import { ProductError } from '#lib/base/errors.ts'
import { lastDay } from '#lib/billing/days.ts'
import { type HeldBack, nothingHeldBack } from '#lib/billing/held-back.ts'
import { changesOf, plan } from '#lib/billing/plan.ts'
import { productName } from '#lib/billing/products.ts'
import { simulate } from '#lib/billing/simulate.ts'
import { tellsMore } from '#lib/billing/standing.ts'
import type { InvoiceLine, Situation, UnreadableAddition, Usage } from '#lib/billing/types.ts'
import type { AgreementRecord } from '#lib/connectwise/values.ts'
import { withGuarded } from '#lib/intake/guarded.ts'
import { readAdditions, readItems } from '#lib/ledger/shown.ts'
import { answeredIds, readAnswers } from './answers.ts'
import { withClaims } from './claims.ts'
import type { SyncContext } from './context.ts'
import { readFitness } from './fitness.ts'
import { type Former, formerOf, stillBilledElsewhere } from './former.ts'
import { otherAgreementsOf } from './other-agreements.ts'
import { type Progress, progressOf } from './pending.ts'
import { beforeReading, invoicesKnown } from './readings.ts'
import { firstSyncFor } from './starts.ts'

export interface CollectInput {
  readonly agreementId: number
  /** Which invoices to plan; those that are due where left out. */
  readonly invoices?: readonly Invoice[]
  /** Tenants whose Sync is off that are looked at as if it were on: a preview before it is switched on. */
  readonly asIfSyncing?: readonly string[]
  /** The situation of an earlier round of the same sync: its agreement and catalog are not read again while they suffice. */
  readonly earlier?: Situation | undefined
  /** Reads until ConnectWise shows what was written of late; a preview, which writes nothing, does not wait. */
  readonly asWritten?: boolean
  /** Leaves out what is open on agreements that its tenants left. */
  readonly alone?: boolean
  /** What earlier periods of this sync left to it. */
  readonly heldBack?: HeldBack
  /** What of the period failed in this sync already. */
  readonly failed?: Situation['failed']
}

/** Mapped tenants of an agreement and how far they are synced; read before anything is asked of ConnectWise. */
export interface Stand {
  readonly mappings: readonly Mapping[]
  readonly syncing: readonly Mapping[]
  readonly former: Former
  readonly progress: Progress
  readonly readAt: Date
}

export const standOf = async (
  ctx: SyncContext,
  agreementId: number,
  asIfSyncing: readonly string[] = [],
): Promise<Stand> => {
  const readAt = ctx.now()
  const mappings = await mappingsOfAgreement(ctx.db, ctx.organisationId, ctx.program.slug, agreementId)
  const syncing = mappings.filter((each) => each.syncEnabled || asIfSyncing.includes(each.tenantId))
  const former = await formerOf(ctx, agreementId, mappings)
  return { mappings, syncing, former, progress: await progressOf(ctx, syncing, former), readAt }
}

export const collect = async ({
  ctx,
  input,
}: {
  ctx: SyncContext
  input: CollectInput
}): Promise<Situation> => {
  const { agreementId, asIfSyncing = [], heldBack = nothingHeldBack } = input
  const stand = await standOf(ctx, agreementId, asIfSyncing)
  const invoices = input.invoices ?? stand.progress.due
  const stored = await readStored(ctx, agreementId, stand, invoices)
  const tenantIds = tenantsOf(stand)
  const agreement = input.earlier?.agreement ?? (await readAgreement(ctx, agreementId))
  const readAt = await beforeReading(ctx)
  const listed = await (input.asWritten
    ? readAdditions(ctx, agreementId)
    : ctx.connectWise.additions(agreementId))
  const { additions, unreadable } = listed
  const all = [...additions, ...unreadable]
  const said = await readAnswers(ctx, agreementId, stand.progress.invoices)
  const named = [...all, ...answeredIds(said)]
  return {
    ...stored,
    ...(knownCatalog(input.earlier, all) ?? (await readCatalog(ctx, input, stored, all))),
    agreement,
    currency: ctx.currency,
    additions,
    unreadableAdditions: unreadable,
    invoices: await invoicesKnown(ctx, {
      readAt,
      agreement,
      listed,
      firstPeriod: invoices[0]?.period ?? null,
      // Of an agreement that is only looked at, another sync may be the writer.
      isWriter: input.asWritten === true && input.alone !== true,
    }),
    ...(await readForeign(ctx, tenantIds, named)),
    ...(await readFitness(ctx, agreement, invoices.at(-1)?.period, input.asWritten === true)),
    ...(await readWhose(ctx, tenantIds, stored, named)),
    ...(input.alone ? {} : await otherAgreementsOf(ctx, stand.mappings[0], stored, input.earlier)),
    stillBilled: input.alone ? {} : await readStillBilled(ctx, input, stand),
    ...said,
    ...heldBack,
    ...(input.failed === undefined ? {} : { failed: input.failed }),
    options: {
      syncAzure: ctx.options.syncAzure,
      annualTermsMonthly: ctx.options.annualTermsMonthly,
      defaults: ctx.options.defaults,
    },
  }
}

/** Tenants with months here: those that are mapped, and those that were. */
const tenantsOf = ({ progress }: Stand): string[] => [...progress.stays.keys()]

const readStillBilled = (
  ctx: SyncContext,
  { asWritten = false }: CollectInput,
  { former, progress }: Stand,
): Promise<NonNullable<Situation['stillBilled']>> => {
  const takingOver = [...progress.stays].filter(([, stay]) => stay.syncs && stay.takesOver).map(([id]) => id)
  return stillBilledElsewhere(former, takingOver, async (agreementId) => {
    const read = await readAlone(ctx, { agreementId, asWritten })
    // A preview shows what a sync would do, and that ends them first.
    return asWritten ? read : simulate(read, plan(read).periods.flatMap(changesOf))
  })
}

/** An agreement as it is, with what the newest invoice has of its tenants, whatever is due. */
export const readAlone = (
  ctx: SyncContext,
  input: Pick<CollectInput, 'agreementId' | 'asWritten'>,
): Promise<Situation> =>
  standOf(ctx, input.agreementId).then(({ progress }) =>
    collect({ ctx, input: { ...input, alone: true, invoices: progress.invoices.slice(-1) } }),
  )

/** What our database knows: nothing of it changes while the agreement is leased. */
const readStored = async (
  ctx: SyncContext,
  agreementId: number,
  stand: Stand,
  invoices: readonly Invoice[],
) => {
  const { db, organisationId } = ctx
  const program = ctx.program.slug
  const tenantIds = tenantsOf(stand)
  const usages: Usage[] = []
  for (const each of invoices) {
    const usage = await readUsage(db, organisationId, program, each, tenantIds)
    usages.push(await withClaims(ctx, usage, stand.syncing))
  }
  const names = new Map(
    (await tenantsByIds(db, organisationId, program, tenantIds)).map((each) => [each.id, each.name]),
  )
  const ever = [...new Set([...tenantIds, ...stand.former.here.map((each) => each.tenantId)])]
  const subscriptions = await subscriptionsOfTenants(db, organisationId, program, ever)
  return {
    tenants: [...stand.progress.stays].map(([id, stay]) => ({
      ...stay,
      id,
      name: names.get(id) ?? id,
      ...firstSyncFor(ctx, stand.progress, id),
    })),
    subscriptions,
    usages: await withGuarded(ctx, agreementId, usages),
    newest: stand.progress.invoices.at(-1)?.period ?? null,
    previous: await readPrevious(ctx, stand, invoices[0]),
    good: stand.progress.good,
    goodElsewhere: stand.progress.goodElsewhere,
    skipped: stand.progress.skipped,
    starts: stand.progress.starts,
    synced: stand.progress.synced,
    owned: await ownedAdditions(db, organisationId, program, agreementId),
  }
}

/** The invoice synced before: F6 compares with it, so one from before a tenant's first period is not it. */
const readPrevious = async (
  ctx: SyncContext,
  { progress }: Stand,
  first: Invoice | undefined,
): Promise<Usage | null> => {
  const before = progress.invoices.filter((each) => first !== undefined && each.period < first.period).at(-1)
  if (!before) return null
  const tenantIds = [...progress.stays]
    .filter(([, stay]) => (stay.from ?? first?.period ?? '') <= before.period)
    .map(([id]) => id)
  return tenantIds.length === 0
    ? null
    : readUsage(ctx.db, ctx.organisationId, ctx.program.slug, before, tenantIds)
}

const readAgreement = async (ctx: SyncContext, agreementId: number): Promise<AgreementRecord> => {
  const agreement = await ctx.connectWise.agreement(agreementId)
  if (!agreement) throw new ProductError('not-found', `ConnectWise has no agreement ${agreementId}.`)
  return agreement
}

type Catalog = Required<Pick<Situation, 'products' | 'catalog' | 'unreadableItems'>>
/** Of an addition, also of one that cannot be read, what it names. */
type Naming = Pick<UnreadableAddition, 'catalogItemId' | 'serialNumber'>

/** What was read before, where every addition's item is in it: one that was created since is not. */
const knownCatalog = (earlier: Situation | undefined, additions: readonly Naming[]): Catalog | null => {
  if (!earlier) return null
  const { products, catalog, unreadableItems = [] } = earlier
  const known = new Set(catalog.map((each) => each.id))
  return additions.every(({ catalogItemId }) => catalogItemId === null || known.has(catalogItemId))
    ? { products, catalog, unreadableItems }
    : null
}

/** The products and catalog items that lines, subscriptions and additions name; one read of ConnectWise's for each way. */
const readCatalog = async (
  ctx: SyncContext,
  { asWritten }: Pick<CollectInput, 'asWritten'>,
  stored: Pick<Situation, 'usages' | 'previous' | 'subscriptions'>,
  additions: readonly Naming[],
): Promise<Catalog> => {
  const lines = [...stored.usages, ...(stored.previous ? [stored.previous] : [])].flatMap(
    (each) => each.lines,
  )
  const invoiced = new Set(lines.map((line) => line.subscriptionId))
  const productIds = stored.subscriptions
    .filter((each) => invoiced.has(each.id))
    .map((each) => each.productId)
  const itemIds = distinct(additions.map((each) => each.catalogItemId).filter((id) => id !== null))
  const ofAdditions = await (asWritten ? readItems(ctx, itemIds) : ctx.connectWise.catalogByIds(itemIds))
  const products = await productsNamed(ctx.db, ctx.organisationId, ctx.program.slug, {
    idsOrSkus: [...productIds, ...ofAdditions.items.map((each) => each.vendorSku)],
    names: lines.map((line) => productName(line.offerName)),
  })
  const skus = [...products.map((each) => each.sku), ...productIds].filter((sku) => sku !== '')
  const ofProducts = await ctx.connectWise.catalogByVendorSku(distinct(skus))
  const items = new Map([...ofAdditions.items, ...ofProducts.items].map((each) => [each.id, each]))
  return {
    products,
    catalog: [...items.values()].sort((a, b) => a.id - b.id),
    unreadableItems: [...ofAdditions.unreadable, ...ofProducts.unreadable],
  }
}

/** What is known of subscriptions that are on no line here: their latest line, and where their lines are counted instead. */
const readWhose = async (
  ctx: SyncContext,
  tenantIds: readonly string[],
  { usages, subscriptions }: Pick<Situation, 'usages' | 'subscriptions'>,
  additions: readonly Naming[],
): Promise<Pick<Situation, 'latest' | 'usages'>> => {
  const { db, organisationId } = ctx
  const program = ctx.program.slug
  const ids = distinct([...subscriptions.map((each) => each.id), ...serialsOf(additions)])
  const [first] = usages
  const latest = first ? await latestLines(db, organisationId, program, ids, lastDay(first.period)) : []
  const elsewhere: Usage[] = []
  for (const usage of usages) {
    const found = await linesElsewhere(db, organisationId, program, usage.invoiceId, ids, tenantIds)
    const tenants = distinct(found.flatMap((each) => each.tenantIds.filter((id) => id !== null)))
    const synced = new Set(
      (await mappingsOfTenants(db, organisationId, program, tenants))
        .filter(
          ({ syncEnabled, firstPeriod }) => syncEnabled && (firstPeriod ?? usage.period) <= usage.period,
        )
        .map((each) => each.tenantId),
    )
    const whereOf = (owners: readonly (string | null)[]) =>
      owners.every((id) => id !== null && synced.has(id)) ? ('mapped' as const) : ('aside' as const)
    const lines = found.map((each) => ({
      subscriptionId: each.subscriptionId,
      where: whereOf(each.tenantIds),
    }))
    elsewhere.push(lines.length === 0 ? usage : { ...usage, elsewhere: lines })
  }
  const known: Record<string, InvoiceLine> = {}
  for (const line of latest)
    if (tellsMore(line, known[line.subscriptionId], ctx.options.annualTermsMonthly))
      known[line.subscriptionId] = line
  return { latest: known, usages: elsewhere }
}

const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)]

const serialsOf = (additions: readonly Naming[]): string[] =>
  additions.map((each) => each.serialNumber?.trim().toLowerCase() ?? '').filter((serial) => serial !== '')

const readForeign = async (
  ctx: SyncContext,
  tenantIds: readonly string[],
  additions: readonly Naming[],
): Promise<Pick<Situation, 'foreignSubscriptionIds' | 'movedSubscriptionIds'>> => {
  const { foreign, moved } = await foreignSubscriptions(
    ctx.db,
    ctx.organisationId,
    ctx.program.slug,
    distinct(serialsOf(additions)),
    tenantIds,
  )
  return { foreignSubscriptionIds: foreign, movedSubscriptionIds: moved }
}

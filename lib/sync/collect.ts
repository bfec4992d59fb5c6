/** Collect: every read that planning one agreement needs, as one immutable value. */
import { ownedAdditions } from '#db/ledger/changes.ts'
import { aboutAgreement } from '#db/mappings/about-agreement.ts'
import type { Mapping } from '#db/mappings/mappings.ts'
import type { Invoice } from '#db/prism/invoices.ts'
import { productsNamed } from '#db/prism/products.ts'
import { foreignSubscriptions } from '#db/prism/tenants.ts'
import { allEnded } from '#lib/base/all-ended.ts'
import { adjustments } from '#lib/billing/adjustment-item.ts'
import { type HeldBack, nothingHeldBack } from '#lib/billing/held-back.ts'
import { namedProduct } from '#lib/billing/item-names.ts'
import { isWithoutSubscription } from '#lib/billing/keys.ts'
import { changesOf, plan } from '#lib/billing/plan.ts'
import { productName } from '#lib/billing/products.ts'
import { simulate } from '#lib/billing/simulate.ts'
import type { Situation, Usage } from '#lib/billing/types.ts'
import { readAdditions } from '#lib/ledger/shown.ts'
import { type AgreementState, agreementStateOf, tenantsOf } from './agreement-state.ts'
import { answeredIds, saidOf } from './answers.ts'
import type { SyncContext } from './context.ts'
import { readFitness } from './fitness.ts'
import { stillBilledElsewhere } from './former.ts'
import { linesOf, readLines } from './lines.ts'
import { otherAgreementsOf } from './other-agreements.ts'
import { readPriceRules } from './price-rules.ts'
import { distinct, knownForeign, knownWhose, type Naming, readWhose, serialsOf } from './read-whose.ts'
import { invoicesKnown } from './readings.ts'
import { catalogOf } from './shared-catalog.ts'
import { readAgreement } from './shared-reads.ts'
import { firstSyncFor } from './starts.ts'

export interface CollectInput {
  readonly agreementId: number
  /** The run whose other agreements share what is read for all of them; left out, it reads for itself. */
  readonly runId?: string
  /** Which invoices to plan; those that are due where left out. */
  readonly invoices?: readonly Invoice[]
  /** Where it was read just before, and nothing was stored since. */
  readonly state?: AgreementState | undefined
  /** Tenants whose Sync is off that are looked at as if it were on: a preview before it is switched on. */
  readonly asIfSyncing?: readonly string[]
  /** Mappings to it that are looked at as if they were stored: a preview before they are. */
  readonly asIfMapped?: readonly Mapping[]
  /** The situation of an earlier round of the same sync: its agreement and catalog are not read again while they suffice. */
  readonly earlier?: Situation | undefined
  /** Reads until ConnectWise shows what was written of late; a preview, which writes nothing, does not wait. */
  readonly asWritten?: boolean
  /** Leaves out what is open on agreements that its tenants left. */
  readonly alone?: boolean
  /** What earlier periods of this sync left to it. */
  readonly heldBack?: HeldBack
  /** A price that is looked at as if a person had said yes to it: a preview before they do. */
  readonly asIfAgreed?: Situation['agreedPrices']
  /** What of the period failed in this sync already. */
  readonly failed?: Situation['failed']
}

export const collect = async ({
  ctx,
  input,
}: {
  ctx: SyncContext
  input: CollectInput
}): Promise<Situation> => {
  const { agreementId, asIfSyncing = [], asIfMapped = [], heldBack = nothingHeldBack } = input
  const state = input.state ?? (await agreementStateOf(ctx, agreementId, asIfSyncing, asIfMapped))
  const invoices = input.invoices ?? state.progress.due
  // First, as it is asked for the time before the additions are read, too.
  const about = await aboutAgreement(ctx.db, ctx.organisationId, ctx.program.slug, agreementId)
  const said = saidOf(about, state.progress.invoices)
  const [stored, { agreement, listed }] = await allEnded(
    readStored(ctx, input, state, invoices),
    readBilled(ctx, input),
  )
  const tenantIds = tenantsOf(state)
  const { additions, unreadable } = listed
  const all = [...additions, ...unreadable]
  const named = [...all, ...answeredIds(said)]
  const [catalog, invoiced, foreign, fitness, whose, others, stillBilled, rules] = await allEnded(
    knownCatalog(input.earlier, all) ?? readCatalog(ctx, input, chargedIn(stored), stored, all),
    invoicesKnown(ctx, {
      readAt: about.at,
      answers: about.billed,
      agreement,
      listed,
      firstPeriod: invoices[0]?.period ?? null,
      // Of an agreement that is only looked at, another sync may be the writer.
      isWriter: input.asWritten === true && input.alone !== true,
    }),
    knownForeign(input.earlier, named) ?? readForeign(ctx, tenantIds, named),
    readFitness(ctx, agreement, invoices.at(-1)?.period, input.asWritten === true, about.unfit),
    knownWhose(input.earlier, stored, named) ?? readWhose(ctx, tenantIds, stored, named),
    input.alone ? nothing : otherAgreementsOf(ctx, state.mappings[0], stored, input.earlier),
    input.alone ? nothing : readStillBilled(ctx, input, state),
    readPriceRules(ctx, agreementId, tenantIds),
  )
  return {
    ...stored,
    ...catalog,
    agreement,
    currency: ctx.currency,
    mayDelete: ctx.mayDelete,
    additions,
    unreadableAdditions: unreadable,
    invoices: invoiced,
    ...foreign,
    ...fitness,
    ...whose,
    ...others,
    stillBilled,
    ...said,
    ...rules,
    ...heldBack,
    ...(input.asIfAgreed === undefined
      ? {}
      : { agreedPrices: { ...said.agreedPrices, ...input.asIfAgreed } }),
    ...(input.failed === undefined ? {} : { failed: input.failed }),
    options: {
      syncAzure: ctx.options.syncAzure,
      annualTermsMonthly: ctx.options.annualTermsMonthly,
      exactAmounts: ctx.options.exactAmounts,
      marginPercent: ctx.options.marginPercent,
      defaults: ctx.options.defaults,
    },
  }
}

const nothing = Promise.resolve({})
const chargedIn = ({ usages, previous }: Pick<Situation, 'usages' | 'previous'>): Usage[] =>
  previous ? [...usages, previous] : [...usages]

/** The agreement and its additions, as ConnectWise has them. */
export const readBilled = async (
  ctx: SyncContext,
  {
    agreementId,
    runId,
    earlier,
    asWritten,
  }: Pick<CollectInput, 'agreementId' | 'runId' | 'asWritten'> & {
    readonly earlier?: Pick<Situation, 'agreement'> | undefined
  },
) => {
  const agreement = earlier?.agreement ?? (await readAgreement(ctx, agreementId, runId))
  const listed = await (asWritten ? readAdditions(ctx, agreementId) : ctx.connectWise.additions(agreementId))
  return { agreement, listed }
}

const readStillBilled = (
  ctx: SyncContext,
  { asWritten = false }: CollectInput,
  { former, progress }: AgreementState,
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
  agreementStateOf(ctx, input.agreementId).then(({ progress }) =>
    collect({ ctx, input: { ...input, alone: true, invoices: progress.invoices.slice(-1) } }),
  )

/** What our database knows: of it only what is ours changes while the agreement is leased. */
const readStored = async (
  ctx: SyncContext,
  { agreementId, earlier }: Pick<CollectInput, 'agreementId' | 'earlier'>,
  state: AgreementState,
  invoices: readonly Invoice[],
) => {
  const { db, organisationId } = ctx
  const program = ctx.program.slug
  const [lines, owned] = await allEnded(
    earlier ? Promise.resolve(linesOf(earlier)) : readLines(ctx, agreementId, state, invoices),
    ownedAdditions(db, organisationId, program, agreementId),
  )
  const { names, ...known } = lines
  return {
    tenants: [...state.progress.stays].map(([id, stay]) => ({
      ...stay,
      id,
      name: names.get(id) ?? id,
      ...firstSyncFor(ctx, state.progress, id),
    })),
    ...known,
    newest: state.progress.invoices.at(-1)?.period ?? null,
    good: state.progress.good,
    goodElsewhere: state.progress.goodElsewhere,
    skipped: state.progress.skipped,
    parked: state.progress.parked,
    starts: state.progress.starts,
    synced: state.progress.synced,
    owned,
  }
}

type KnownCatalog = Required<Pick<Situation, 'products' | 'catalog' | 'unreadableItems'>>

/** What was read before, where every addition's item is in it: one that was created since is not. */
export const knownCatalog = (
  earlier: Pick<Situation, 'products' | 'catalog' | 'unreadableItems'> | undefined,
  additions: readonly Naming[],
): Promise<KnownCatalog> | null => {
  if (!earlier) return null
  const { products, catalog, unreadableItems = [] } = earlier
  const known = new Set(catalog.map((each) => each.id))
  return additions.every(({ catalogItemId }) => catalogItemId === null || known.has(catalogItemId))
    ? Promise.resolve({ products, catalog, unreadableItems })
    : null
}

/** The products and catalog items that lines, subscriptions and additions name. @param charged what the lines are on */
export const readCatalog = async (
  ctx: SyncContext,
  input: Pick<CollectInput, 'asWritten' | 'runId'>,
  charged: readonly Pick<Usage, 'lines'>[],
  stored: Pick<Situation, 'subscriptions'>,
  additions: readonly Naming[],
): Promise<KnownCatalog> => {
  const lines = charged.flatMap((each) => each.lines)
  const invoiced = new Set(lines.map((line) => line.subscriptionId))
  const productIds = stored.subscriptions
    .filter((each) => invoiced.has(each.id))
    .map((each) => each.productId)
  const itemIds = distinct(additions.map((each) => each.catalogItemId).filter((id) => id !== null))
  const catalog = await catalogOf(ctx, input)
  const ofAdditions = await catalog.byIds(itemIds)
  const products = await productsNamed(ctx.db, ctx.organisationId, ctx.program.slug, {
    idsOrSkus: [...productIds, ...ofAdditions.items.map((each) => namedProduct(each).sku)],
    names: lines.map((line) => productName(line.offerName)),
  })
  const isAnyWithoutSubscription = lines.some((line) => isWithoutSubscription(line.subscriptionId))
  const own = isAnyWithoutSubscription ? [adjustments.sku] : []
  const skus = [...products.map((each) => each.sku), ...productIds, ...own].filter((sku) => sku !== '')
  const ofProducts = await catalog.bySkus(distinct(skus))
  const items = new Map([...ofAdditions.items, ...ofProducts.items].map((each) => [each.id, each]))
  return {
    products,
    catalog: [...items.values()].sort((a, b) => a.id - b.id),
    unreadableItems: [...ofAdditions.unreadable, ...ofProducts.unreadable],
  }
}

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

/**
 * Whether switching a customer's Sync on would bill it twice: its first sync is planned as if it was on. The sync itself asks, too;
 * here it is said before (E6, J8).
 */
import type { MappingWrites } from '#app/api/schemas/customers.ts'
import { refuse } from '#app/http/api-route.ts'
import { type Mapping, mapping } from '#db/mappings/mappings.ts'
import { ProductError } from '#lib/base/errors.ts'
import { cutoverReview, isCutover, whatDoubles } from '#lib/billing/cutover-review.ts'
import { changesOf } from '#lib/billing/plan.ts'
import type { Program } from '#lib/programs/registry.ts'
import type { MapInput } from '#lib/setup/map-customer.ts'
import type { SyncContext } from '#lib/sync/context.ts'
import { previewAgreement } from '#lib/sync/run.ts'
import { syncContextOf } from './worker.ts'

/** Customers of one file or selection that are tried before; the others are asked about by their first sync. */
export const MOST_TRIED = 100
const AT_A_TIME = 4

type Wanted = Pick<MapInput, 'tenantId' | 'companyId' | 'agreementId' | 'begin'>

interface By {
  readonly organisationId: string
  readonly actor: string
}

/** Throws `billed-already`. */
export const refuseDoubled =
  ({ organisationId, actor }: By, program: Program) =>
  async (input: Wanted): Promise<void> => {
    const ctx = await contextOrNull(organisationId, program, actor)
    const says = ctx === null ? null : await doubledBy(ctx, input)
    if (says !== null) throw refuse('billed-already', says)
  }

/** By customer, what would be billed twice. */
export async function doubledIn(
  { organisationId, actor }: By,
  program: Program,
  wanted: readonly Wanted[],
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  const left = wanted.slice(0, MOST_TRIED)
  const ctx = left.length === 0 ? null : await contextOrNull(organisationId, program, actor)
  if (ctx === null) return found
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const says = await doubledBy(ctx, next)
      if (says !== null) found.set(next.tenantId, `${says} Answer for it in its review first.`)
    }
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, work))
  return found
}

/** What cannot be read now, the sync reads before it writes. */
const orNull = (error: unknown): null => {
  if (error instanceof ProductError) return null
  throw error
}

const contextOrNull = (
  organisationId: string,
  program: Program,
  actor: string,
): Promise<SyncContext | null> => syncContextOf(organisationId, program.slug, actor).catch(orNull)

async function doubledBy(ctx: SyncContext, wanted: Wanted): Promise<string | null> {
  try {
    const { situation, plan } = await previewAsMapped(ctx, wanted)
    const review = isCutover(situation) ? cutoverReview(situation, plan) : null
    const [first, ...others] = new Set(review === null ? [] : whatDoubles(review))
    if (first === undefined) return null
    return others.length === 0 ? `${first}.` : `${first}. The same of ${others.length} more.`
  } catch (error) {
    return orNull(error)
  }
}

/** What a sync would write were the customer mapped so, with its Sync on. Throws what reading ConnectWise throws. */
export async function writesAsMapped(
  { organisationId, actor }: By,
  program: Program,
  wanted: Wanted,
): Promise<MappingWrites> {
  const { plan } = await previewAsMapped(await syncContextOf(organisationId, program.slug, actor), wanted)
  const changes = plan.periods.flatMap(changesOf)
  return { writes: changes.flatMap(({ kind }) => (kind === 'keep' ? [] : [{ kind }])) }
}

async function previewAsMapped(ctx: SyncContext, { begin, ...wanted }: Wanted) {
  const { tenantId, agreementId } = wanted
  const { organisationId } = ctx
  const program = ctx.program.slug
  const stored = await mapping(ctx.db, organisationId, program, tenantId)
  const there = stored?.agreementId === agreementId ? stored : null
  const chosen = begin === undefined ? {} : { begin }
  const asIf = { ...newMapping, ...there, organisationId, program, ...wanted, ...chosen, syncEnabled: true }
  return previewAgreement({ ctx, input: { agreementId, asIfMapped: [asIf] } })
}

const newMapping: Omit<Mapping, 'organisationId' | 'program' | 'tenantId' | 'companyId' | 'agreementId'> = {
  motion: 'monthly',
  companyName: '',
  agreementName: '',
  syncEnabled: true,
  firstPeriod: null,
  begin: null,
  attemptedInvoiceId: null,
  attemptedAt: null,
  lookAgainAt: null,
  lookingSince: null,
  acceptedIn: null,
  outlook: null,
  createdAt: new Date(0),
  updatedAt: new Date(0),
}

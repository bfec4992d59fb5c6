/** What the invoices of a plan say of an agreement's tenants, as it is stored. */
import { usage as readUsage } from '#db/prism/invoice-lines.ts'
import type { Invoice } from '#db/prism/invoices.ts'
import { subscriptionsOfTenants, tenantsByIds } from '#db/prism/tenants.ts'
import { allEnded } from '#lib/base/all-ended.ts'
import type { Situation, Usage } from '#lib/billing/types.ts'
import { withGuarded } from '#lib/intake/guarded.ts'
import { type AgreementState, tenantsOf } from './agreement-state.ts'
import { withClaims } from './claims.ts'
import type { SyncContext } from './context.ts'

type Lines = Pick<Situation, 'subscriptions' | 'usages' | 'previous'> & {
  readonly names: ReadonlyMap<string, string>
}

export const readLines = async (
  ctx: SyncContext,
  agreementId: number,
  state: AgreementState,
  invoices: readonly Invoice[],
): Promise<Lines> => {
  const { db, organisationId } = ctx
  const program = ctx.program.slug
  const tenantIds = tenantsOf(state)
  const ever = [...new Set([...tenantIds, ...state.former.here.map((each) => each.tenantId)])]
  const readUsages = async (): Promise<Usage[]> => {
    const usages: Usage[] = []
    for (const each of invoices) {
      const usage = await readUsage(db, organisationId, program, each, tenantIds)
      usages.push(await withClaims(ctx, usage, state.syncing))
    }
    return withGuarded(ctx, agreementId, usages)
  }
  const [usages, tenants, subscriptions, previous] = await allEnded(
    readUsages(),
    tenantsByIds(db, organisationId, program, tenantIds),
    subscriptionsOfTenants(db, organisationId, program, ever),
    readPrevious(ctx, state, invoices[0]),
  )
  const names = new Map(tenants.map((each) => [each.id, each.name]))
  return { names, subscriptions, usages, previous }
}

/** As they were in the round before; where else lines are depends on the additions, which it wrote. */
export const linesOf = ({ tenants, subscriptions, usages, previous }: Situation): Lines => ({
  names: new Map(tenants.map(({ id, name }) => [id, name])),
  subscriptions,
  usages: usages.map(({ elsewhere: _, ...usage }) => usage),
  previous,
})

/** The invoice synced before: F6 compares with it, so one from before a tenant's first period is not it. */
const readPrevious = async (
  ctx: SyncContext,
  { progress }: AgreementState,
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

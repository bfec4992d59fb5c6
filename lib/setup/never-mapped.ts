/** That a customer is never mapped, with why (J7): one of the partner's own tenants, or one that is billed in another way. */
import type { Database } from '#db/client.ts'
import { deleteNeverMapped, putNeverMapped } from '#db/mappings/accepted.ts'
import { mapping } from '#db/mappings/mappings.ts'
import { audit } from '#db/people/audit.ts'
import { tenant } from '#db/prism/tenants.ts'
import { ProductError } from '#lib/base/errors.ts'

export interface NeverContext {
  readonly db: Database
  readonly organisationId: string
  readonly program: string
  readonly actor: string
  readonly now: () => Date
}

/** Throws `not-found` where the program has no such customer, and `conflict` where it is mapped. */
export async function neverMap({
  ctx,
  input: { tenantId, reason },
}: {
  ctx: NeverContext
  input: { readonly tenantId: string; readonly reason: string }
}): Promise<void> {
  const { organisationId, program, actor } = ctx
  await ctx.db.transaction(async (tx) => {
    if ((await tenant(tx, organisationId, program, tenantId)) === null)
      throw new ProductError('not-found', 'There is no such customer.')
    const mapped = await mapping(tx, organisationId, program, tenantId)
    if (mapped !== null)
      throw new ProductError('conflict', `The customer is mapped to ${mapped.companyName}: clear that first.`)
    await putNeverMapped(tx, organisationId, {
      program,
      tenantId,
      reason,
      saidBy: actor,
      saidAt: ctx.now(),
    })
    await audit(tx, organisationId, { actor, action: 'never-map', subject: tenantId, detail: { reason } })
  })
}

/** It waits to be mapped again. Throws `not-found` where nobody said that it is never mapped. */
export async function mayBeMapped({
  ctx,
  input: { tenantId },
}: {
  ctx: NeverContext
  input: { readonly tenantId: string }
}): Promise<void> {
  const { organisationId, program, actor } = ctx
  await ctx.db.transaction(async (tx) => {
    if (!(await deleteNeverMapped(tx, organisationId, program, tenantId)))
      throw new ProductError('not-found', 'Nobody says that this customer is never mapped.')
    await audit(tx, organisationId, { actor, action: 'may-be-mapped', subject: tenantId })
  })
}

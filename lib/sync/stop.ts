/**
 * Why a sync ends before it is done (F16): somebody stopped its run, or switched Sync off for one of its customers; or it looks again
 * by itself, and somebody asked for a sync.
 */

import { mappingsOfTenants } from '#db/mappings/mappings.ts'
import { oneTimeMappingsOfTenants } from '#db/mappings/one-time.ts'
import { lastEvent } from '#db/people/audit.ts'
import { tenantsByIds } from '#db/prism/tenants.ts'
import { whoAskedMeanwhile } from '#db/runs/looks-again.ts'
import { isStopped } from '#db/runs/run-progress.ts'
import { stopAndKind } from '#db/runs/stops.ts'
import type { SyncContext } from './context.ts'

export interface Stop {
  /** What happened and who did it: a sentence without a full stop. */
  readonly message: string
  /** Whether it was Sync of one of the customers that was switched off, so that the others' goes on by itself. */
  readonly isOff: boolean
}

interface Syncing {
  readonly runId: string
  readonly agreementId: number
  /** The customers that sync, as of its beginning. */
  readonly tenantIds: readonly string[]
}

/** `null`: it goes on. To be asked before each write, so that it ends after the one in flight. */
export const stopOf = async (ctx: SyncContext, item: Syncing): Promise<Stop | null> =>
  (await isStopped(ctx.db, ctx.organisationId, ctx.program.slug, item)) ? whyStopped(ctx, item) : null

/** `null` where it is not so any more. */
export const whyStopped = async (ctx: SyncContext, { runId, ...syncing }: Syncing): Promise<Stop | null> => {
  const { db, organisationId, program } = ctx
  const { message, isLookingAgain } = await stopAndKind(db, organisationId, runId)
  if (message !== null) return { message, isOff: false }
  const item = { runId, agreementId: syncing.agreementId }
  const asker = isLookingAgain ? await whoAskedMeanwhile(db, organisationId, program.slug, item) : null
  if (asker !== null) return { message: `Made way for the sync that ${asker} asked for`, isOff: false }
  return switchedOff(ctx, syncing)
}

/** The first of the customers that does not sync here any more, and who saw to that. */
const switchedOff = async (
  { db, organisationId, program }: SyncContext,
  { agreementId, tenantIds }: Omit<Syncing, 'runId'>,
): Promise<Stop | null> => {
  const mappings = [
    ...(await mappingsOfTenants(db, organisationId, program.slug, tenantIds)),
    ...(await oneTimeMappingsOfTenants(db, organisationId, program.slug, tenantIds)),
  ]
  const here = mappings.filter((each) => each.agreementId === agreementId)
  const off = tenantIds.find((id) => !here.some((each) => each.tenantId === id && each.syncEnabled))
  if (off === undefined) return null
  const [tenant] = await tenantsByIds(db, organisationId, program.slug, [off])
  const name = tenant?.name ?? off
  const isMapped = here.some((each) => each.tenantId === off)
  const what = isMapped
    ? `Sync of ${name} was switched off`
    : `${name} is not mapped to this agreement any more`
  const event = await lastEvent(
    db,
    organisationId,
    ['map-customer', 'unmap-customer', 'map-one-time', 'unmap-one-time'],
    off,
  )
  return { message: event === null ? `Stopped: ${what}` : `Stopped by ${event.actor}: ${what}`, isOff: true }
}

import type { Database } from '#db/client.ts'
import { type RunItem, runItemsOf } from '#db/runs/runs.ts'
import type { PeriodOutcome } from '../outcome.ts'
import { outcomesOf } from '../outcomes.ts'

export type ItemWithMonths = RunItem & { readonly months: readonly PeriodOutcome[] }

/** The agreements of a run, each with what became of its months. */
export const itemsWithMonths = async (
  db: Database,
  organisationId: string,
  runId: string,
): Promise<ItemWithMonths[]> =>
  Promise.all(
    (await runItemsOf(db, organisationId, runId)).map(async (item) => ({
      ...item,
      months: await outcomesOf(db, organisationId, item),
    })),
  )

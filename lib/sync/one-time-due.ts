/** Which One-Time agreements the scheduled job syncs (J9): those with an annual invoice that no sync has read, and those looked at again. */
import type { Database } from '#db/client.ts'
import { annualNotAttempted, type OneTimeMapping, oneTimeMappingsOf } from '#db/mappings/one-time.ts'
import type { NewRunItem } from '#db/runs/runs.ts'
import { isDue } from '#lib/billing/annual/annual-situation.ts'
import type { StoredContext } from './context.ts'

export interface OneTimeDue {
  readonly due: readonly NewRunItem[]
  /** They only ended wrong, and are looked at again. */
  readonly again: readonly NewRunItem[]
}

export const oneTimeDue = async (
  db: Database,
  { organisationId, program, options, now }: StoredContext,
): Promise<OneTimeDue> => {
  const mappings = await oneTimeMappingsOf(db, organisationId, program.slug)
  if (!mappings.some(({ syncEnabled }) => syncEnabled)) return { due: [], again: [] }
  const unread = new Set(
    (await annualNotAttempted(db, organisationId, program.slug))
      .filter((each) => isDue(each, { options }))
      .map(({ agreementId }) => agreementId),
  )
  const isNew = ({ agreementId, lookAgainAt, lookingSince }: OneTimeMapping): boolean =>
    unread.has(agreementId) || (isReached(lookAgainAt, now()) && lookingSince === null)
  const due = oneTimeItems(mappings, isNew)
  const again = oneTimeItems(mappings, ({ lookAgainAt }) => isReached(lookAgainAt, now()))
  return {
    due,
    again: again.filter((item) => !due.some(({ agreementId }) => agreementId === item.agreementId)),
  }
}

const isReached = (at: Date | null, now: Date): boolean => at !== null && at <= now

/** One item for each agreement with a syncing mapping that is wanted; its other mapped tenants come with it. */
export const oneTimeItems = (
  mappings: readonly OneTimeMapping[],
  isWanted: (mapping: OneTimeMapping) => boolean,
): NewRunItem[] => {
  const wanted = new Set(
    mappings.flatMap((each) => (each.syncEnabled && isWanted(each) ? [each.agreementId] : [])),
  )
  return [...Map.groupBy(mappings, ({ agreementId }) => agreementId)].flatMap(([agreementId, of]) => {
    const [first] = of
    if (first === undefined || !wanted.has(agreementId)) return []
    const { agreementName, companyId, companyName } = first
    return [
      { agreementId, agreementName, companyId, companyName, tenantIds: of.map(({ tenantId }) => tenantId) },
    ]
  })
}

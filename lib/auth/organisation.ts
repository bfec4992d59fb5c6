import { changeOrganisation, type Organisation, organisation } from '#db/directory/organisations.ts'
import { audit } from '#db/people/audit.ts'
import { demandOfSessions } from './factor-demand.ts'
import type { PeopleContext } from './people.ts'

export interface OrganisationOptions {
  readonly name: string
  /** As `Australia/Sydney`. */
  readonly timeZone: string
  /** Of whom a second factor is asked. */
  readonly secondFactor: Organisation['secondFactor']
  /** Plans of months that are older than so many are packed. */
  readonly packsAfterMonths: number
}

/**
 * Changes what is given of an organisation's options, audited in the same transaction, and gives them all as they are then. A second
 * factor that is asked of more people ends the sessions of those who have none.
 */
export async function changeOrganisationOptions({
  ctx,
  input: { name, timeZone, secondFactor, packsAfterMonths },
}: {
  ctx: PeopleContext
  input: { readonly [K in keyof OrganisationOptions]?: OrganisationOptions[K] | undefined }
}): Promise<OrganisationOptions> {
  const { db, organisationId, actor } = ctx
  const change = {
    ...(name === undefined ? {} : { name }),
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(secondFactor === undefined ? {} : { secondFactor }),
    ...(packsAfterMonths === undefined ? {} : { packsAfterMonths }),
  }
  return db.transaction(async (tx) => {
    const stored = await organisation(tx, organisationId)
    if (stored === null) throw new Error('A principal belongs to an organisation that is not there')
    const before = {
      name: stored.name,
      timeZone: stored.timeZone,
      secondFactor: stored.secondFactor,
      packsAfterMonths: stored.packsAfterMonths,
    }
    const after = { ...before, ...change }
    if (Object.keys(change).length > 0) await changeOrganisation(tx, organisationId, change)
    const detail = { before, after }
    await audit(tx, organisationId, {
      actor,
      action: 'change-organisation',
      subject: 'organisation',
      detail,
    })
    if (after.secondFactor !== before.secondFactor)
      await demandOfSessions({ ...ctx, db: tx }, after.secondFactor)
    return after
  })
}

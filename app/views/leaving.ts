/** What happens on the agreement that a customer leaves, for the API and the pods (E5). */
import type { ShownLeaving } from '#app/api/schemas/leaving.ts'
import { LeavingAsked } from '#app/http/problem.ts'
import { currencyOf } from '#app/process/clients.ts'
import { server } from '#app/process/process.ts'
import { syncContextOf, whileNobodySyncs } from '#app/process/worker.ts'
import { explainChange } from '#lib/billing/explain.ts'
import type { LeaveContext, Leaving } from '#lib/setup/leave-agreement.ts'
import { type MapContext, Undecided } from '#lib/setup/map-customer.ts'
import { readAlone } from '#lib/sync/collect.ts'
import { readOrNone } from '#lib/sync/former.ts'
import { today } from './mapping.ts'

export async function leaveContext(
  organisationId: string,
  program: string,
  actor: string,
): Promise<LeaveContext & Pick<MapContext, 'alone'>> {
  return {
    db: server().db,
    organisationId,
    program,
    actor,
    currency: await currencyOf(organisationId),
    today: today(),
    readAgreement: async (agreementId) =>
      readOrNone(async () => readAlone(await syncContextOf(organisationId, program, actor), { agreementId })),
    alone: (agreementId, work) => whileNobodySyncs(organisationId, program, agreementId, work),
  }
}

/** What `work` gives. Throws the question that has to be answered first, as it is shown. */
export async function orAsk<T>(currency: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Undecided)) throw error
    throw new LeavingAsked(error, shownLeaving(error.leaving, currency))
  }
}

export const shownLeaving = (
  { agreementId, agreementName, companyName, open, monthly, takeover }: Leaving,
  currency: string,
): ShownLeaving => ({
  agreementId,
  agreementName,
  companyName,
  open: open.map(({ change, ...addition }) => ({ ...addition, ending: explainChange(change) })),
  monthly,
  currency,
  takesOver: takeover,
})

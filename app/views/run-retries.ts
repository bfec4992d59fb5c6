/** Which agreements of a run can be synced again from its page, and why others cannot. */
import type { RunAgreement, RunContent } from '#app/api/schemas/runs.ts'
import { server } from '#app/process/process.ts'
import { mappingsOfTenants } from '#db/mappings/mappings.ts'
import { oneTimeMappingsOfTenants } from '#db/mappings/one-time.ts'

/** By agreement: a customer by whom it is synced again, or why it is not. */
export type Retries = Readonly<Record<number, { readonly tenantId: string } | { readonly whyNot: string }>>

const MOVED = 'Its customers are mapped to other agreements now, or to none.'
const OFF = 'Sync is switched off for its customers.'
const ONE_TIME = 'It carries annual invoices: it is synced with its customer’s monthly agreement.'

/** Of what went wrong; nothing else is tried again. */
export async function retriesOf(
  organisationId: string,
  { program, undoes, setsBack, customers }: Pick<RunContent, 'program' | 'undoes' | 'setsBack' | 'customers'>,
): Promise<Retries> {
  const wrong = customers.filter(({ status }) => status === 'Error' || status === 'Warning')
  const tenantIds = [...new Set(wrong.flatMap((each) => each.tenantIds))]
  const { db } = server()
  const mapped = await mappingsOfTenants(db, organisationId, program, tenantIds)
  const oneTime = new Set(
    (await oneTimeMappingsOfTenants(db, organisationId, program, tenantIds)).map(
      ({ agreementId }) => agreementId,
    ),
  )
  const isBack = undoes !== null || setsBack
  const retryOf = ({ agreementId }: RunAgreement): Retries[number] => {
    if (isBack) return { whyNot: 'A sync that took something back is not tried again.' }
    const here = mapped.filter((each) => each.agreementId === agreementId)
    const syncing = here.find(({ syncEnabled }) => syncEnabled)
    if (syncing !== undefined) return { tenantId: syncing.tenantId }
    if (oneTime.has(agreementId)) return { whyNot: ONE_TIME }
    return { whyNot: here.length === 0 ? MOVED : OFF }
  }
  return Object.fromEntries(wrong.map((each) => [each.agreementId, retryOf(each)]))
}

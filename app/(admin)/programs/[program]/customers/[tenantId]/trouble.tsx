import type { Customer } from '#app/api/schemas/customers.ts'
import { currencyOf } from '#app/server/clients.ts'
import { runCustomer } from '#app/server/shown-run.ts'
import { Note } from '#app/ui/note.tsx'
import { causesOf } from '#app/ui/plan/causes.ts'
import { Causes } from '#app/ui/plan/causes.tsx'
import styles from '../customers.module.css'

/** What the customer's last sync could not do, or did with a warning: first of all on its page. */
export async function Trouble({ customer, organisationId }: { customer: Customer; organisationId: string }) {
  const { state, mapping, lastResult, tenantId } = customer
  if (state !== 'attention' || mapping === null || lastResult === null) return null
  const [result, currency] = await Promise.all([
    runCustomer(organisationId, lastResult.runId, mapping.agreementId),
    currencyOf(organisationId),
  ])
  if (result === null) return null
  const { status, message, detail, remedy, reference, periods } = result
  const why = [detail, reference === null ? null : `Reference ${reference}.`].filter(Boolean).join(' ')
  const causes = causesOf(periods, tenantId)
  if (message === null && causes.length === 0) return null
  return (
    <div className={styles['trouble']}>
      {message === null ? null : (
        <Note tone={status === 'Error' ? 'bad' : 'warn'} detail={why} remedy={remedy}>
          {message}
        </Note>
      )}
      {causes.length === 0 ? null : <Causes causes={causes} currency={currency} />}
    </div>
  )
}

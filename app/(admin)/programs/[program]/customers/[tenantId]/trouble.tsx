import type { Customer } from '#app/api/schemas/customers.ts'
import { currencyOf } from '#app/process/clients.ts'
import { Note } from '#app/ui/kit/note.tsx'
import { causesOf } from '#app/ui/plan/causes.ts'
import { Causes } from '#app/ui/plan/causes.tsx'
import { FirstSyncAnswer } from '#app/ui/plan/first-sync-answer.tsx'
import { answersOf } from '#app/ui/plan/first-sync-answers.ts'
import { runAgreement } from '#app/views/runs.ts'
import { BeginAnswering } from '../../../../begin-answering.tsx'
import styles from '../customers.module.css'

interface TroubleProps {
  readonly customer: Customer
  readonly organisationId: string
  readonly program: string
  /** Whether the person may say how the customer begins. */
  readonly may: boolean
}

/** What the customer's last sync could not do, or did with a warning: first of all on its page. */
export async function Trouble({ customer, organisationId, program, may }: TroubleProps) {
  const { state, mapping, lastResult, tenantId } = customer
  if (state !== 'attention' || mapping === null || lastResult === null) return null
  const [result, currency] = await Promise.all([
    runAgreement(organisationId, lastResult.runId, mapping.agreementId),
    currencyOf(organisationId),
  ])
  if (result === null) return null
  const { status, message, detail, remedy, reference, periods } = result
  const why = [detail, reference === null ? null : `Reference ${reference}.`].filter(Boolean).join(' ')
  const causes = causesOf(periods, tenantId)
  if (message === null && causes.length === 0) return null
  const toAnswer = periods
    .flatMap(({ subscriptions }) => subscriptions)
    .findLast((row) => row.tenantId === tenantId && answersOf(row).length > 0)
  return (
    <div className={styles['trouble']}>
      {message === null ? null : (
        <Note tone={status === 'Error' ? 'bad' : 'warn'} detail={why} remedy={remedy}>
          {message}
        </Note>
      )}
      {causes.length === 0 ? null : <Causes causes={causes} currency={currency} />}
      {toAnswer === undefined ? null : (
        <BeginAnswering program={program} may={may}>
          <FirstSyncAnswer row={toAnswer} ofCustomer={customer.name} />
        </BeginAnswering>
      )}
    </div>
  )
}

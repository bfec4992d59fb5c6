'use client'
import { useState } from 'react'
import type { RunContent } from '#app/api/schemas/runs.ts'
import { StatusChip } from '#app/ui/chip.tsx'
import { Note } from '#app/ui/note.tsx'
import { ChangeList } from '#app/ui/plan/change-list.tsx'
import { Findings } from '#app/ui/plan/findings.tsx'
import { IgnoredLines } from '#app/ui/plan/ignored-lines.tsx'
import { Proof } from '#app/ui/plan/proof.tsx'
import { SubscriptionTable } from '#app/ui/plan/subscription-table.tsx'
import table from '#app/ui/table.module.css'
import type { AppliedPeriodPlan } from '#db/values.ts'
import { monthName } from '#lib/billing/format.ts'
import styles from './run.module.css'

type Customer = RunContent['customers'][number]

const ORDER = { Error: 0, Warning: 1, Success: 2, 'No Change': 3 } as const

/** Every agreement of the run, those with something wrong first and open. */
export function CustomerResults({ run, currency }: { run: RunContent; currency: string }) {
  const urgency = ({ status }: Customer): number => (status === null ? 4 : ORDER[status])
  const sorted = [...run.customers].sort(
    (a, b) => urgency(a) - urgency(b) || a.companyName.localeCompare(b.companyName, 'en'),
  )
  return (
    <div className={styles['customers']}>
      {sorted.map((customer) => (
        <CustomerResult key={customer.agreementId} customer={customer} currency={currency} />
      ))}
    </div>
  )
}

function CustomerResult({ customer, currency }: { customer: Customer; currency: string }) {
  const { companyName, agreementName, status, doing, message, detail, remedy, reference } = customer
  const isWrong = status === 'Error' || status === 'Warning'
  const [isOpen, setOpen] = useState(isWrong)
  const why = [detail, reference === null ? null : `Reference ${reference}.`].filter(Boolean).join(' ')
  return (
    <details
      className={table['panel']}
      open={isOpen}
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
    >
      <summary className={styles['customerHead']}>
        <h2>{companyName}</h2>
        <span className={styles['quiet']}>{agreementName}</span>
        {status === null ? (
          <span className={styles['quiet']}>{doing ?? 'Waiting for its turn…'}</span>
        ) : (
          <StatusChip status={status} />
        )}
      </summary>
      {message === null ? null : (
        <div className={styles['notes']}>
          <Note tone={status === 'Error' ? 'bad' : 'warn'} detail={why} remedy={remedy}>
            {message}
          </Note>
        </div>
      )}
      {(isOpen ? customer.periods : []).map((plan) => (
        <PeriodResult
          key={`${plan.period}/${plan.invoiceId}`}
          plan={plan}
          currency={currency}
          of={`${companyName}, ${agreementName}`}
        />
      ))}
    </details>
  )
}

function PeriodResult({ plan, currency, of }: { plan: AppliedPeriodPlan; currency: string; of: string }) {
  const { appliedCatalogItems, findings, subscriptions, ignored, totals } = plan
  const created = appliedCatalogItems.map((applied) => ({ change: applied.change, applied }))
  return (
    <>
      <div className={styles['period']}>
        <h3>{monthName(plan.period)} usage</h3>
        <Proof totals={totals} currency={currency} showCost={false} of={`${of}, ${monthName(plan.period)}`} />
        {created.length === 0 ? null : <ChangeList changes={created} />}
        {findings.length === 0 ? null : <Findings findings={findings} />}
      </div>
      {subscriptions.length === 0 ? null : (
        <SubscriptionTable plan={plan} showCost={false} tenantNames={new Map()} />
      )}
      <IgnoredLines lines={ignored} total={totals.ignored.price} currency={currency} />
    </>
  )
}

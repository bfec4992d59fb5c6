import type { ReactNode } from 'react'
import type { CompanyAgreement, CompanyContent } from '#app/api/schemas/company.ts'
import { moneyText } from '#app/ui/kit/money.ts'
import { monthName } from '#lib/billing/format.ts'
import styles from './overview.module.css'
import { summed, type Trouble } from './troubles.ts'

const many = (count: number, one: string, more: string): string => `${count} ${count === 1 ? one : more}`

/** Agreements with a proof of the newest month, and that month; `null` where there is none. */
export function monthOf(agreements: readonly CompanyAgreement[]) {
  const proofs = agreements.flatMap(({ proof }) => proof ?? [])
  const period = proofs
    .map((proof) => proof.period)
    .sort()
    .at(-1)
  if (period === undefined) return null
  const of = proofs.filter((proof) => proof.period === period)
  return { period, count: of.length, ...summed(of) }
}

interface CompanyHeaderProps {
  readonly content: CompanyContent
  readonly troubles: readonly Trouble[]
  readonly children: ReactNode
}

/** The company in two lines: who and how many, and what this month's bill is in all. */
export function CompanyHeader({ content, troubles, children }: CompanyHeaderProps) {
  const { company, agreements, currency, problem, readAt } = content
  const mapped = agreements.filter(({ tenants }) => tenants.length > 0)
  const customers = mapped.reduce((all, { tenants }) => all + tenants.length, 0)
  const month = monthOf(mapped)
  const isRight =
    troubles.length === 0 &&
    problem === null &&
    readAt !== null &&
    mapped.length > 0 &&
    mapped.every(({ proof, running }) => proof?.verdict.tone === 'good' && running === null)
  return (
    <header className={styles['header']}>
      <h1 tabIndex={-1} title={company.name}>
        {company.name}
      </h1>
      <p className={styles['about']}>
        {customers === 0
          ? 'No customer is mapped here'
          : `${many(customers, 'customer', 'customers')} on ${many(mapped.length, 'agreement', 'agreements')}`}
        {month === null
          ? null
          : ` · ${monthName(month.period)}: ${moneyText(month.invoiced, currency)} invoiced, ${moneyText(month.billed, currency)} billed`}
        {isRight ? <span className={styles['right']}> · All agree</span> : null}
      </p>
      <div className={styles['actions']}>{children}</div>
    </header>
  )
}

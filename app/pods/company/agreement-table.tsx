'use client'
import type { CompanyAgreement, CompanyContent } from '#app/api/schemas/company.ts'
import { difference, moneyText } from '#app/ui/kit/money.ts'
import text from '#app/ui/kit/text.module.css'
import { monthName } from '#lib/billing/format.ts'
import { AgreementRow, type CompanyActions } from './agreement-row.tsx'
import { mayBeMapped, programsOn } from './agreement-state.ts'
import styles from './agreement-table.module.css'
import { monthOf } from './company-header.tsx'

/** With so many agreements those that cannot be mapped are folded away. */
const FOLDED_FROM = 5

interface AgreementTableProps extends CompanyActions {
  readonly content: CompanyContent
}

/** The company's agreements, each with its customers, what PRISM invoiced of them this month and what its additions bill. */
export function AgreementTable({ content, ...actions }: AgreementTableProps) {
  const { agreements, company, currency, programs, may, readAt, problem } = content
  const on = programsOn(programs)
  const isUseless = (agreement: CompanyAgreement): boolean =>
    agreement.tenants.length === 0 && agreement.findings !== null && !mayBeMapped(agreement)
  const rank = (agreement: CompanyAgreement): number =>
    agreement.tenants.length > 0 ? 0 : isUseless(agreement) ? 2 : 1
  const sorted = agreements.toSorted((a, b) => rank(a) - rank(b))
  const folded = sorted.length < FOLDED_FROM ? [] : sorted.filter(isUseless)
  const shown = sorted.slice(0, sorted.length - folded.length)
  const row = (agreement: CompanyAgreement) => (
    <AgreementRow
      key={agreement.id}
      agreement={agreement}
      isProgramOn={on.has(agreement.program.slug)}
      company={company}
      currency={currency}
      may={may}
      {...actions}
    />
  )
  if (agreements.length === 0)
    return (
      <p className={styles['none']}>
        {readAt !== null
          ? 'This company has no agreement. Make one in ConnectWise; a customer is mapped to it here afterwards.'
          : problem === null
            ? 'Reading the company’s agreements…'
            : 'Its agreements are not known yet.'}
      </p>
    )
  return (
    <>
      <Table label="Agreements" foot={<Total agreements={agreements} currency={currency} />}>
        {shown.map(row)}
      </Table>
      {folded.length === 0 ? null : (
        <details className={styles['folded']}>
          <summary>{folded.length} agreements that cannot be mapped</summary>
          <Table label="Agreements that cannot be mapped">{folded.map(row)}</Table>
        </details>
      )}
    </>
  )
}

interface TableProps {
  readonly label: string
  readonly foot?: React.ReactNode
  readonly children: React.ReactNode
}

function Table({ label, foot, children }: TableProps) {
  return (
    <table className={styles['table']} aria-label={label}>
      <thead>
        <tr>
          <th scope="col">Agreement</th>
          <th scope="col">PRISM customers</th>
          <th scope="col" className={styles['number']}>
            Invoiced
          </th>
          <th scope="col" className={styles['number']}>
            Billed
          </th>
          <th scope="col" className={styles['number']}>
            Difference
          </th>
          <th scope="col">State</th>
          <th scope="col">Last sync</th>
          <th scope="col">
            <span className={text['hidden']}>Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>{children}</tbody>
      {foot}
    </table>
  )
}

/** Only where it is the sum of several. */
function Total({ agreements, currency }: Pick<CompanyContent, 'agreements' | 'currency'>) {
  const month = monthOf(agreements.filter(({ tenants }) => tenants.length > 0))
  if (month === null || month.count < 2) return null
  return (
    <tfoot>
      <tr>
        <th scope="row" colSpan={2}>
          {monthName(month.period)}, {month.count} agreements
        </th>
        <td className={styles['number']}>{moneyText(month.invoiced, currency)}</td>
        <td className={styles['number']}>{moneyText(month.billed, currency)}</td>
        <td className={styles['number']}>{moneyText(difference(month.invoiced, month.billed), currency)}</td>
        <td colSpan={3} />
      </tr>
    </tfoot>
  )
}

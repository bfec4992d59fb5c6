import Link from 'next/link'
import type { Month } from '#app/api/schemas/months.ts'
import { isZero, moneyText } from '#app/ui/kit/money.ts'
import table from '#app/ui/kit/table.module.css'
import text from '#app/ui/kit/text.module.css'
import { termName, termSays } from '#app/ui/month/term-names.ts'
import styles from './month.module.css'

interface EquationProps {
  readonly month: Month
  /** The term that is filtered by; `''`: none. */
  readonly current: string
  readonly address: (term: string) => string
}

/** PRISM's file = what is billed + each term, each a filter of the customers below. */
export function EquationTable({ month: { equation, currency }, current, address }: EquationProps) {
  const { invoiced, billed, terms } = equation
  const rows = [
    { name: 'PRISM invoiced', says: 'the whole file', amount: invoiced },
    { name: 'Additions bill', says: 'in ConnectWise, for this month', amount: billed },
  ]
  return (
    <section className={table['panel']} aria-label="The month’s equation">
      <table className={table['table']}>
        <thead>
          <tr>
            <th scope="col">Part</th>
            <th scope="col">What it is</th>
            <th scope="col" className={styles['figure']}>
              Customers
            </th>
            <th scope="col" className={styles['figure']}>
              Retail
            </th>
            <th scope="col" className={styles['figure']}>
              Cost
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, says, amount }, at) => (
            <tr key={name} className={styles['figureRow']}>
              <td>{at === 0 ? name : `= ${name}`}</td>
              <td>{says}</td>
              <td />
              <td className={[text['number'], table['state']].join(' ')}>
                {moneyText(amount.price, currency)}
              </td>
              <td className={text['number']} data-label="Cost">
                {amount.cost === undefined ? '' : moneyText(amount.cost, currency)}
              </td>
            </tr>
          ))}
          {terms.map(({ term, amount, bills }) => (
            <tr key={term} className={term === current ? styles['current'] : undefined}>
              <td>
                +{' '}
                <Link
                  href={address(term === current ? '' : term)}
                  prefetch={false}
                  aria-current={term === current ? 'true' : undefined}
                >
                  {termName(term)}
                </Link>
              </td>
              <td>{termSays(term)}</td>
              <td className={text['number']} data-label="Customers">
                {bills.toLocaleString('en-GB')}
              </td>
              <td className={[text['number'], table['state']].join(' ')}>
                {moneyText(amount.price, currency)}
              </td>
              <td className={text['number']} data-label="Cost">
                {amount.cost === undefined || isZero(amount.cost) ? '' : moneyText(amount.cost, currency)}
              </td>
            </tr>
          ))}
          {terms.length > 0 ? null : (
            <tr>
              <td>Nothing lies between</td>
              <td>each cent that PRISM invoiced is billed</td>
              <td />
              <td />
              <td />
            </tr>
          )}
        </tbody>
      </table>
    </section>
  )
}

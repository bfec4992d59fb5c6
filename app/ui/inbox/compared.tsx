import type { ShownItem } from '#app/api/schemas/inbox.ts'
import { difference, isNegative, magnitude, moneyText } from '#app/ui/kit/money.ts'
import styles from './inbox.module.css'

interface ComparedProps {
  readonly compared: NonNullable<ShownItem['compared']>
  readonly currency: string
}

/** Two invoices of a month, side by side, with what differs. */
export function Compared({ compared, currency }: ComparedProps) {
  const { held, other, differences, count } = compared
  const money = (amount: string | null) => (amount === null ? 'not known' : moneyText(amount, currency))
  return (
    <div className={styles['compared']}>
      <table>
        <caption>What the two invoices charge</caption>
        <thead>
          <tr>
            <th scope="col">Of</th>
            <th scope="col">Invoice {held.id}, waits</th>
            <th scope="col">
              Invoice {other.id}, {other.isInUse ? 'in use' : 'waits'}
            </th>
            <th scope="col">Difference</th>
          </tr>
        </thead>
        <tbody>
          <Row
            of={`All, ${held.lineCount.toLocaleString('en-GB')} and ${other.lineCount.toLocaleString('en-GB')} lines`}
            held={money(held.totalPrice)}
            other={money(other.totalPrice)}
            gap={gapText(held.totalPrice, other.totalPrice, currency)}
          />
          {differences.map((each) => (
            <Row
              key={each.customer}
              of={each.customer}
              held={money(each.held)}
              other={money(each.other)}
              gap={gapText(each.held, each.other, currency)}
            />
          ))}
        </tbody>
      </table>
      {count === 0 ? <p>No customer is charged otherwise.</p> : null}
      {count > differences.length ? (
        <p>{(count - differences.length).toLocaleString('en-GB')} more customers differ.</p>
      ) : null}
    </div>
  )
}

interface RowProps {
  readonly of: string
  readonly held: string
  readonly other: string
  readonly gap: string
}

const Row = ({ of, held, other, gap }: RowProps) => (
  <tr>
    <th scope="row">{of}</th>
    <td>{held}</td>
    <td>{other}</td>
    <td>{gap}</td>
  </tr>
)

function gapText(held: string | null, other: string | null, currency: string): string {
  if (held === null || other === null) return ''
  const gap = difference(held, other)
  return `${isNegative(gap) ? '−' : '+'}${moneyText(magnitude(gap), currency)}`
}

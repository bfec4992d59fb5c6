import type { SecondProof } from '#app/api/schemas/second-proof.ts'
import { Mark } from '#app/ui/kit/mark.tsx'
import { isZero, moneyText } from '#app/ui/kit/money.ts'
import styles from './second-proof.module.css'
import { secondTermName } from './second-terms.ts'

interface SecondProofProps {
  readonly proof: SecondProof
  readonly currency: string
  /** Below what it stands; left out where its column says so. */
  readonly label?: string
}

const SOURCES = { invoices: 'invoiced', forecast: 'forecast', none: '' } as const

/** What ConnectWise itself says of a month: its amount, whether that is what was planned, and why where it is not. */
export function SecondProofFigures({ proof, currency, label }: SecondProofProps) {
  const { tone, says, why, amount, source, difference, terms } = proof
  const money = (value: string) => moneyText(value, currency)
  return (
    <div className={styles['proof']}>
      <span className={styles['first']}>
        {label === undefined ? null : <span>{label}</span>}
        {amount === null ? null : (
          <span className={styles['amount']}>
            {money(amount)} {SOURCES[source]}
          </span>
        )}
        <Mark tone={tone}>{says}</Mark>
      </span>
      {difference === null || isZero(difference) ? null : (
        <span>
          {isBelow(difference) ? 'less' : 'more'} than planned by {money(difference.replace(/^-/, ''))}
        </span>
      )}
      {terms.map(({ term, amount: part }) => (
        <span key={term}>
          {secondTermName(term)} {money(part)}
        </span>
      ))}
      {tone === 'good' && terms.length === 0 && label === undefined ? null : (
        <span className={styles['why']}>{why}</span>
      )}
    </div>
  )
}

const isBelow = (value: string): boolean => value.startsWith('-')

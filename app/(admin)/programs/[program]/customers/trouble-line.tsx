import Link from 'next/link'
import { moneyText } from '#app/ui/kit/money.ts'
import type { CustomerTrouble } from '#app/views/customer-troubles.ts'
import { monthName, shortDay } from '#lib/billing/format.ts'
import type { Day } from '#lib/billing/types.ts'
import styles from './customers.module.css'

interface TroubleLineProps {
  readonly trouble: CustomerTrouble
  /** The customer's page, where it is answered. */
  readonly path: string
  readonly currency: string
}

/** The root cause in a line, its amount and since when. */
export function TroubleLine({ trouble, path, currency }: TroubleLineProps) {
  const { says, isError, amount, from, since, others } = trouble
  const began = from === null ? shortDay(since.slice(0, 10) as Day) : monthName(from)
  const facts = [
    amount === null ? null : moneyText(amount, currency),
    `since ${began}`,
    others === 0 ? null : `${others} more`,
  ].filter((each) => each !== null)
  return (
    <>
      <Link href={path} prefetch={false} className={isError ? styles['bad'] : styles['warn']}>
        <span className={styles['unseen']}>{isError ? 'Error: ' : 'Warning: '}</span>
        {says}
      </Link>
      <span>{facts.join(' · ')}</span>
    </>
  )
}

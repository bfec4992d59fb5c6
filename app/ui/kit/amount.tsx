import { unitPriceText } from '#lib/billing/format.ts'
import type { Money } from '#lib/billing/types.ts'
import styles from './amount.module.css'

/** A unit cost or price, old -> new where it is another; at least two decimals, and no digit less than there is. */
export function Amount({ from, to }: { from: Money | undefined; to: Money | undefined }) {
  if (to === undefined) return null
  return (
    <>
      {from !== undefined && Number(from) !== Number(to) ? (
        <>
          <s className={styles['old']}>{unitPriceText(from)}</s> →{' '}
        </>
      ) : null}
      {unitPriceText(to)}
    </>
  )
}

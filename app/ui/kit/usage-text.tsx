import { invoiceOfUsage, shortInvoiceOfUsage } from '#lib/billing/invoice-month.ts'
import type { Period } from '#lib/billing/types.ts'
import styles from './usage-text.module.css'

/** Which invoice, of which usage; in few words where it is narrow (G6). */
export const UsageText = ({ period }: { period: Period }) => (
  <>
    <span className={styles['long']}>{invoiceOfUsage(period)}</span>
    <span className={styles['short']}>{shortInvoiceOfUsage(period)}</span>
  </>
)

import type { Status } from '#lib/billing/types.ts'
import styles from './chip.module.css'

const tones: Record<Status, string | undefined> = {
  'No Change': undefined,
  Success: styles['good'],
  Warning: styles['warn'],
  Error: styles['bad'],
}

/** One of the four statuses, in its own words; colour only says it a second time. */
export function StatusChip({ status, className }: { status: Status; className?: string | undefined }) {
  return (
    <span className={[styles['chip'], tones[status], className].filter(Boolean).join(' ')}>{status}</span>
  )
}

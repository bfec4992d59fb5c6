import styles from './progress.module.css'

/** How far long work has come; `total` 0 means that it is not known yet. */
export function Progress({ label, done, total }: { label: string; done: number; total: number }) {
  const known = total > 0
  return (
    <div
      className={styles['track']}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      {...(known ? { 'aria-valuemax': total, 'aria-valuenow': done } : {})}
    >
      {/* An svg has its width as an attribute; the page's policy lets no style attribute count. */}
      <svg
        aria-hidden
        className={[styles['bar'], known ? undefined : styles['unknown']].filter(Boolean).join(' ')}
        {...(known ? { width: `${(done / total) * 100}%` } : {})}
      />
    </div>
  )
}

import { Progress } from './progress.tsx'
import styles from './text.module.css'

/** While a page waits for ConnectWise. */
export function Reading() {
  return (
    <div role="status">
      <p className={styles['soft']}>Reading ConnectWise…</p>
      <Progress label="Reading ConnectWise" done={0} total={0} />
    </div>
  )
}

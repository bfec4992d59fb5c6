import { detailOf } from '#app/http/detail-of.ts'
import { Note } from '#app/ui/kit/note.tsx'
import { errorKinds, type ProductError } from '#lib/base/errors.ts'
import styles from './pods.module.css'

/** Why nothing is known of the pods, and what to do, both in sight: there is nothing else to look at. */
export function Trouble({ problem }: { problem: ProductError }) {
  return (
    <div role="alert" className={styles['problem']}>
      <Note tone="bad">{detailOf(problem)}</Note>
      <p>{errorKinds[problem.code].remedy}</p>
    </div>
  )
}

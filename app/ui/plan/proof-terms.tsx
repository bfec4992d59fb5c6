import type { Verdict } from './agreement-of-amounts.ts'
import styles from './proof.module.css'
import { termTexts } from './term-texts.ts'

/** What lies between what is invoiced and what is billed, each part with its reason. */
export function ProofTerms({ terms }: Pick<Verdict, 'terms'>) {
  return (
    <ul className={styles['terms']}>
      {terms.map(({ term, amount }) => (
        <li key={term}>
          <span>{amount}</span> {termTexts[term]}
        </li>
      ))}
    </ul>
  )
}

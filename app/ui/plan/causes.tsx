import { moneyText } from '#app/ui/kit/money.ts'
import { Note } from '#app/ui/kit/note.tsx'
import table from '#app/ui/kit/table.module.css'
import { periodsText } from '#app/ui/run/run-table.tsx'
import styles from './causes.module.css'
import type { Cause } from './causes.ts'
import { FindingAnswers } from './row-answers.tsx'

/** What a person has to look at, each with its months, its money and what to do. */
export function Causes({ causes, currency }: { causes: readonly Cause[]; currency: string }) {
  return (
    <section className={table['panel']} aria-label="What is wrong">
      {causes.map(({ product, finding, from, to, amounts, row }) => (
        <div
          key={`${product}/${finding.code}/${from}/${finding.message}/${row?.subscriptionId}`}
          className={styles['cause']}
        >
          <div className={styles['what']}>
            <b>{product ?? 'The agreement'}</b>
            <span>{periodsText(from, to)}</span>
            {amounts === null ? null : (
              <span className={styles['amounts']}>
                {moneyText(amounts.invoiced, currency)} invoiced, {moneyText(amounts.billed, currency)} billed
              </span>
            )}
          </div>
          <Note
            tone={finding.severity === 'error' ? 'bad' : 'warn'}
            detail={finding.detail}
            remedy={finding.remedy}
            stillWrong={finding.stillWrong}
          >
            {finding.message}
          </Note>
          {row === null ? null : <FindingAnswers finding={finding} row={row} />}
        </div>
      ))}
    </section>
  )
}

import { LocalTime } from '#app/ui/kit/local-time.tsx'
import table from '#app/ui/kit/table.module.css'
import type { KeptRow } from '#app/views/keeping.ts'
import styles from './settings.module.css'

interface KeptListProps {
  readonly rows: readonly KeptRow[]
  /** What is kept for as long as the organisation is. */
  readonly always: readonly string[]
}

/** What is removed after a time, when that was last done, and what never is (J14). */
export function KeptList({ rows, always }: KeptListProps) {
  return (
    <section className={table['panel']} aria-label="What is kept">
      <div className={styles['head']}>
        <h2>What is kept</h2>
      </div>
      <div className={styles['kept']}>
        <p>For as long as the organisation is here, as bills rest on it:</p>
        <ul>
          {always.map((each) => (
            <li key={each}>{each}.</li>
          ))}
        </ul>
        <p>For a time alone, and plans until they are packed; looked through once a day:</p>
      </div>
      <table className={`${table['table']} ${styles['rows']}`}>
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Kept for</th>
            <th scope="col">Last time</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.rule}>
              <td className={styles['who']}>
                {row.what}
                <span>{row.why}</span>
              </td>
              <td data-label="Kept for">{row.time}</td>
              <td data-label="Last time">
                <Removed row={row} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Removed({ row: { did, beginsAt, lookedAt, isUnderWay, removed, total } }: { row: KeptRow }) {
  if (beginsAt !== null)
    return (
      <>
        Begins <LocalTime at={beginsAt} />
      </>
    )
  if (isUnderWay) return `${doneText(did, removed)} so far`
  if (lookedAt === null) return 'Not looked through yet'
  return (
    <span className={styles['who']}>
      {doneText(did, removed)}
      <span>
        <LocalTime at={lookedAt} />
        {total === removed ? null : `, ${total.toLocaleString('en-GB')} in all`}
      </span>
    </span>
  )
}

const doneText = (did: KeptRow['did'], rows: number): string =>
  rows === 0 ? `Nothing ${did}` : `${rows.toLocaleString('en-GB')} ${rows === 1 ? 'row' : 'rows'} ${did}`

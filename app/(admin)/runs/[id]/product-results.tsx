import type { RunContent } from '#app/api/schemas/runs.ts'
import { Amount } from '#app/ui/kit/amount.tsx'
import { StatusChip } from '#app/ui/kit/chip.tsx'
import { helpPathAbout } from '#app/ui/kit/help-path.ts'
import { Note } from '#app/ui/kit/note.tsx'
import table from '#app/ui/kit/table.module.css'
import { byUrgency } from '#lib/billing/status.ts'
import styles from './run.module.css'

type Result = RunContent['products'][number]

const WHAT: Readonly<Record<Result['what'], string>> = {
  created: 'Created',
  updated: 'Cost and price updated',
  failed: 'Not written',
  noted: 'Nothing to write',
}

/** Each product that was written or about which there is something to say; what is wrong comes first. */
export function ProductResults({ run: { products, state } }: { run: RunContent }) {
  const sorted = [...products].sort((a, b) => byUrgency(a.status, b.status))
  return (
    <>
      {sorted.length === 0 ? (
        state === 'finished' ? (
          <p className={styles['none']}>No product was written.</p>
        ) : null
      ) : (
        <div className={table['panel']}>
          <table className={table['table']}>
            <thead>
              <tr>
                <th scope="col">Product</th>
                <th scope="col">What was done</th>
                <th scope="col" className={styles['number']}>
                  Cost
                </th>
                <th scope="col" className={styles['number']}>
                  Price
                </th>
                <th scope="col">Status</th>
              </tr>
            </thead>
            <tbody>
              {sorted.map((result) => (
                <Row key={result.sku} result={result} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  )
}

function Row({ result: { sku, name, what, status, before, after, message, remedy } }: { result: Result }) {
  return (
    <tr>
      <td className={styles['product']}>
        {name}
        <span>{sku}</span>
      </td>
      <td>
        {message === null ? (
          WHAT[what]
        ) : (
          <Note tone={status === 'Error' ? 'bad' : 'warn'} remedy={remedy} help={helpPathAbout(message)}>
            {message}
          </Note>
        )}
      </td>
      <td className={styles['number']} data-label={after === null ? undefined : 'Cost'}>
        <Amount from={before?.unitCost} to={after?.unitCost} />
      </td>
      <td className={styles['number']} data-label={after === null ? undefined : 'Price'}>
        <Amount from={before?.unitPrice} to={after?.unitPrice} />
      </td>
      <td className={table['state']}>
        <StatusChip status={status} />
      </td>
    </tr>
  )
}

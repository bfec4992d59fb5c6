import type { ShownProgram } from '#app/api/schemas/programs.ts'
import table from '#app/ui/kit/table.module.css'
import { TableHead } from '#app/ui/kit/table-head.tsx'
import styles from './invoices.module.css'

const LISTS = {
  'contract-agreements': 'Contract agreements',
  tenants: 'Customers and subscriptions',
  products: 'Price list',
  invoices: 'Invoices',
} as const

/** What PRISM listed in a form that cannot be used, by name; everything else is used (J16). */
export function SetAside({ records }: { records: ShownProgram['setAside'] }) {
  if (records.length === 0) return null
  return (
    <section className={table['panel']} aria-label="Records of PRISM that are set aside">
      <div className={styles['aside']}>
        <h2>Set aside</h2>
        <p>
          PRISM lists these in a form that cannot be used. What was known of them stays as it was, and nothing
          else waits for them. Ask rhipe to correct them.
        </p>
      </div>
      <table className={table['table']}>
        <TableHead columns={['List', 'Record', 'What is odd']} />
        <tbody>
          {records.map(({ list, record, reason }, at) => (
            <tr key={`${list} ${at}`}>
              <td>{LISTS[list]}</td>
              <td>{record}</td>
              <td>{reason}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

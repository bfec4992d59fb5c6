import Link from 'next/link'
import { requirePage } from '#app/http/page-guard.ts'
import { Mark } from '#app/ui/kit/mark.tsx'
import table from '#app/ui/kit/table.module.css'
import { TableHead } from '#app/ui/kit/table-head.tsx'
import { goingLive, type ToCheck } from '#app/views/going-live.ts'
import { invoiceOfUsage } from '#lib/billing/invoice-month.ts'
import type { Period } from '#lib/billing/types.ts'
import { programs } from '#lib/programs/registry.ts'
import type { GoingLiveStep } from '#lib/setup/going-live.ts'
import styles from './going-live.module.css'

export const metadata = { title: 'Going live · Prism Pod' }

/** What is to be done before and while customers begin to sync, ticked by what is so (G6). */
export default async function GoingLivePage() {
  const { organisationId } = await requirePage('program.read')
  const [program] = programs
  const { steps, toCheck, newest } = await goingLive(organisationId, program)
  const done = steps.filter(({ isDone }) => isDone).length
  return (
    <>
      <h1>Going live</h1>
      <p className={styles['lead']}>
        {done} of {steps.length} steps are done. Each ticks itself.
      </p>
      <Steps steps={steps} />
      <CheckFirst program={program.slug} toCheck={toCheck} newest={newest} />
      <p className={styles['limits']}>
        What is taken for granted about ConnectWise and PRISM, and what is not done here:{' '}
        <Link href="/limits">Limits</Link>.
      </p>
    </>
  )
}

function Steps({ steps }: { steps: readonly GoingLiveStep[] }) {
  return (
    <ol className={[table['panel'], styles['steps']].join(' ')}>
      {steps.map(({ title, isDone, detail, href }) => (
        <li key={title}>
          <Mark tone={isDone ? 'good' : 'quiet'}>{isDone ? 'Done' : 'To do'}</Mark>
          <div>
            <h2>
              <Link href={href}>{title}</Link>
            </h2>
            <p>{detail}</p>
          </div>
        </li>
      ))}
    </ol>
  )
}

interface CheckFirstProps {
  readonly program: string
  readonly toCheck: readonly ToCheck[]
  readonly newest: Period | null
}

/** rhipe's guide: the first two billing periods of each customer. */
function CheckFirst({ program, toCheck, newest }: CheckFirstProps) {
  if (newest === null || toCheck.length === 0) return null
  return (
    <section className={styles['check']} aria-labelledby="check-first">
      <h2 id="check-first">Check before invoicing</h2>
      <p className={styles['lead']}>
        These are in their first two months with the {invoiceOfUsage(newest)}. Compare what their additions
        bill with PRISM’s invoice before ConnectWise’s invoices go out.
      </p>
      <div className={table['panel']}>
        <table className={table['table']}>
          <TableHead columns={['Customer', 'Agreement', 'Month']} />
          <tbody>
            {toCheck.map(({ tenantId, name, companyName, agreementName, month }) => (
              <tr key={tenantId}>
                <td>
                  <Link href={`/programs/${program}/customers/${encodeURIComponent(tenantId)}`}>{name}</Link>
                </td>
                <td data-label="Agreement">
                  {companyName}, {agreementName}
                </td>
                <td data-label="Month">{month === 1 ? 'First' : 'Second'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

'use client'
import type { NeverMapped } from '#app/api/schemas/mappings.ts'
import { callApi } from '#app/hooks/api.ts'
import { useAction } from '#app/hooks/use-action.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { LocalTime } from '#app/ui/kit/local-time.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import table from '#app/ui/kit/table.module.css'
import { TableHead } from '#app/ui/kit/table-head.tsx'
import styles from './match.module.css'

interface NeverListProps {
  readonly program: string
  readonly customers: NeverMapped['customers']
  readonly onTakenBack: (tenantIds: readonly string[]) => void
}

/** Customers that are never mapped: who says so, when and why, until it is taken back. */
export function NeverList({ program, customers, onTakenBack }: NeverListProps) {
  const { busy, problem, run } = useAction()
  if (customers.length === 0) return null
  const takeBack = async (tenantId: string) => {
    const path = { program, tenantId }
    if (await run(() => callApi('DELETE /api/programs/{program}/customers/{tenantId}/never', { path })))
      onTakenBack([tenantId])
  }
  return (
    <section className={styles['never']} aria-labelledby="never-mapped">
      <h3 id="never-mapped">Never mapped: {customers.length}</h3>
      <ProblemNote problem={problem} />
      <div className={table['panel']}>
        <table className={table['table']}>
          <TableHead columns={['Customer', 'Why', 'Said', 'Take back']} />
          <tbody>
            {customers.map(({ tenantId, name, domain, reason, saidBy, saidAt }) => (
              <tr key={tenantId}>
                <td className={styles['who']}>
                  {name}
                  <span>{domain}</span>
                </td>
                <td>{reason}</td>
                <td>
                  {saidBy}, <LocalTime at={saidAt} />
                </td>
                <td>
                  <Button
                    tone="plain"
                    disabled={busy}
                    aria-label={`Take back that ${name} is never mapped`}
                    onClick={() => void takeBack(tenantId)}
                  >
                    Take back
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

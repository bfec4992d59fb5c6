import Link from 'next/link'
import { requirePage } from '#app/http/page-guard.ts'
import { server } from '#app/process/process.ts'
import { Mark } from '#app/ui/kit/mark.tsx'
import table from '#app/ui/kit/table.module.css'
import { programSettings } from '#db/prism/programs.ts'
import { programs } from '#lib/programs/registry.ts'
import styles from './programs.module.css'

export const metadata = { title: 'Programs · Prism Pod' }

/** The programs that PRISM offers and this product carries (C1). */
export default async function ProgramsPage() {
  const { organisationId } = await requirePage('program.read')
  const rows = await Promise.all(
    programs.map(async (program) => ({
      program,
      settings: await programSettings(server().db, organisationId, program.slug),
    })),
  )
  return (
    <>
      <h1>Programs</h1>
      <div className={[table['panel'], styles['list']].join(' ')}>
        <table className={table['table']}>
          <thead>
            <tr>
              <th scope="col">Program</th>
              <th scope="col">In PRISM</th>
              <th scope="col">State</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ program: { slug, name, prismName }, settings }) => (
              <tr key={slug}>
                <td>
                  <Link href={`/programs/${slug}`}>{name}</Link>
                </td>
                <td data-label="In PRISM">{prismName}</td>
                <td className={table['state']}>
                  {settings === null ? (
                    <Mark tone="quiet">Not set up</Mark>
                  ) : settings.enabled ? (
                    <Mark tone="good">Sync is on</Mark>
                  ) : (
                    <Mark tone="warn">Sync is off</Mark>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}

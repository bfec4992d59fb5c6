import type { ShownPreflight } from '#app/api/schemas/preflight.ts'
import { requirePage } from '#app/http/page-guard.ts'
import { preflightContext, shownPreflight } from '#app/process/preflight.ts'
import { orProblem, PageProblem } from '#app/ui/kit/page-problem.tsx'
import { mayDo } from '#lib/auth/actions.ts'
import { type Program, programs } from '#lib/programs/registry.ts'
import { freshPreflight, roleDescription } from '#lib/setup/preflight.ts'
import { Checks } from './checks.tsx'
import styles from './preparation.module.css'
import { RoleDescription } from './role-description.tsx'

export const metadata = { title: 'Preparation · Prism Pod' }

export default async function PreparationPage() {
  const { organisationId, role } = await requirePage('preflight.read')
  const [program] = programs
  const found = await orProblem(lookAt(organisationId, program))
  return (
    <>
      <h1>Preparation</h1>
      <p className={styles['lead']}>
        What ConnectWise must hold before products and additions can be written.
      </p>
      {'problem' in found ? (
        <PageProblem problem={found.problem} />
      ) : (
        <Checks found={found} mayFix={mayDo(role, 'preflight.fix')} program={program.slug} />
      )}
      <RoleDescription text={roleDescription()} />
    </>
  )
}

const lookAt = async (organisationId: string, program: Program): Promise<ShownPreflight> =>
  shownPreflight(await freshPreflight({ ctx: await preflightContext(organisationId, program) }))

import type { ShownPreflight } from '#app/api/schemas/preflight.ts'
import { requirePage } from '#app/server/page-guard.ts'
import { preflightContext, shownPreflight } from '#app/server/preflight.ts'
import { Note } from '#app/ui/note.tsx'
import { mayDo } from '#lib/auth/actions.ts'
import { errorKinds, ProductError } from '#lib/base/errors.ts'
import { programBySlug } from '#lib/programs/registry.ts'
import { freshPreflight, roleDescription } from '#lib/setup/preflight.ts'
import { Checks } from './checks.tsx'
import styles from './preparation.module.css'
import { RoleDescription } from './role-description.tsx'

export const metadata = { title: 'Preparation · Prism Pod' }

const PROGRAM = 'microsoft-csp'

export default async function PreparationPage() {
  const { organisationId, role } = await requirePage('preflight.read')
  const found = await lookAt(organisationId)
  return (
    <>
      <h1>Preparation</h1>
      <p className={styles['lead']}>
        What ConnectWise must hold before products and additions can be written.
      </p>
      {found instanceof ProductError ? (
        <Note tone="bad" remedy={errorKinds[found.code].remedy}>
          {found.detail}
        </Note>
      ) : (
        <Checks found={found} mayFix={mayDo(role, 'preflight.fix')} program={PROGRAM} />
      )}
      <RoleDescription text={roleDescription()} />
    </>
  )
}

async function lookAt(organisationId: string): Promise<ShownPreflight | ProductError> {
  const program = programBySlug(PROGRAM)
  if (program === undefined) throw new Error(`There is no program ${PROGRAM}`)
  try {
    return shownPreflight(await freshPreflight({ ctx: await preflightContext(organisationId, program) }))
  } catch (error) {
    if (error instanceof ProductError) return error
    throw error
  }
}

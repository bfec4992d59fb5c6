'use client'
import type { ContractAgreements } from '#app/api/schemas/programs.ts'
import { callApi } from '#app/hooks/api.ts'
import { useAction } from '#app/hooks/use-action.ts'
import { Choice } from '#app/ui/kit/form.tsx'
import { Note } from '#app/ui/kit/note.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import styles from './connections.module.css'

interface ContractAgreementProps {
  readonly program: { readonly slug: string; readonly name: string }
  readonly found: ContractAgreements | null
  /** Why PRISM could not be asked. */
  readonly problem: string | null
  readonly mayWrite: boolean
}

/** Which contract agreement syncs; a single one needs no choice (F14). */
export function ContractAgreement({ program, found, problem, mayWrite }: ContractAgreementProps) {
  const choosing = useAction()
  if (found === null)
    return problem === null ? null : <Note tone="warn">Contract agreements could not be read: {problem}</Note>
  const { agreements, picked } = found
  const [only] = agreements
  if (only === undefined) return <Note tone="warn">PRISM has no contract agreement for {program.name}.</Note>
  const isKnown = picked !== null && agreements.some(({ id }) => id === picked)
  if (agreements.length === 1 && (picked === null || isKnown))
    return (
      <p className={styles['pick']}>
        Contract agreement for {program.name}: {only.id}
      </p>
    )
  const choose = (contractAgreementId: string) =>
    choosing.run(() =>
      callApi('PUT /api/programs/{program}', {
        path: { program: program.slug },
        body: { contractAgreementId: contractAgreementId || null },
      }),
    )
  return (
    <div className={styles['pick']}>
      {picked === null ? (
        <Note tone="warn">
          PRISM has {agreements.length} contract agreements for {program.name}. Nothing syncs until one is
          picked.
        </Note>
      ) : isKnown ? null : (
        <Note tone="warn">
          PRISM does not know the contract agreement ‘{picked}’ that is picked for {program.name}. Nothing
          syncs until another one is.
        </Note>
      )}
      <Choice
        label={`Contract agreement for ${program.name}`}
        options={{
          ...(isKnown ? {} : { '': 'Pick the one that syncs' }),
          ...Object.fromEntries(agreements.map(({ id }) => [id, id])),
        }}
        value={isKnown ? picked : ''}
        disabled={!mayWrite || choosing.busy}
        onChange={(event) => void choose(event.target.value)}
      />
      <ProblemNote problem={choosing.problem} />
    </div>
  )
}

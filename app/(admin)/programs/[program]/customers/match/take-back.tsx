'use client'
import { useState } from 'react'
import type { MatchesTakenBack } from '#app/api/schemas/mappings.ts'
import { callApi } from '#app/hooks/api.ts'
import { useAction } from '#app/hooks/use-action.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { LocalTime } from '#app/ui/kit/local-time.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import styles from './match.module.css'

interface TakeBackProps {
  readonly program: string
  readonly accepted: { readonly id: string; readonly mapped: number; readonly at: string } | null
  readonly onTakenBack: (tenantIds: readonly string[]) => void
}

/** Takes back what was accepted together last, as far as nothing was written since. */
export function TakeBack({ program, accepted, onTakenBack }: TakeBackProps) {
  const { busy, problem, run } = useAction()
  const [done, setDone] = useState<MatchesTakenBack | null>(null)
  const takeBack = (acceptance: string) =>
    run(async () => {
      const answer = await callApi('POST /api/programs/{program}/customers/match/{acceptance}/undo', {
        path: { program, acceptance },
      })
      setDone(answer)
      onTakenBack(answer.takenBack)
    })
  return (
    <>
      {accepted === null ? null : (
        <p className={styles['accepted']}>
          <span>
            {accepted.mapped} customers were accepted together, <LocalTime at={accepted.at} />. Nothing was
            written for them yet.
          </span>
          <Button disabled={busy} onClick={() => void takeBack(accepted.id)}>
            {`Take these ${accepted.mapped} back`}
          </Button>
        </p>
      )}
      <ProblemNote problem={problem} />
      {done === null ? null : (
        <div role="status">
          <p>{done.takenBack.length} customers are mapped nowhere again.</p>
          {done.kept.map(({ tenantId, name, says }) => (
            <p key={tenantId}>
              {name} stays mapped. {says}
            </p>
          ))}
        </div>
      )}
    </>
  )
}

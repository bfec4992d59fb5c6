'use client'
import { lazy, Suspense } from 'react'
import { helpPath } from '#app/ui/kit/help-path.ts'
import { Note, type Tone } from '#app/ui/kit/note.tsx'
import { useAnswering } from './answering.tsx'
import { type AskedRow, isAnswerable } from './asked-row.ts'
import styles from './findings.module.css'
import { mutedText } from './muted-text.ts'
import type { Finding } from './shown.ts'

// Most findings ask nothing, and their page loads without it.
const FindingAnswers = lazy(async () => ({ default: (await import('./row-answers.tsx')).FindingAnswers }))

const tones: Record<Finding['severity'], Tone> = { error: 'bad', warning: 'warn', note: 'quiet' }

interface FindingsProps {
  readonly findings: readonly Finding[]
  /** Whose findings they are, so that a person can answer beside them; left out: the agreement's. */
  readonly row?: AskedRow
}

/** Exact messages where they arose, with why and what to do beside them. */
export function Findings({ findings, row }: FindingsProps) {
  return (
    <div className={styles['list']}>
      {findings.map((finding) => {
        const { code, severity, message, detail, remedy, stillWrong } = finding
        return (
          <div key={`${code}/${message}/${detail}`}>
            <Note
              tone={tones[severity]}
              detail={detail}
              remedy={remedy}
              stillWrong={stillWrong}
              help={helpPath(code)}
            >
              {message}
            </Note>
            {row === undefined ? null : <Muted code={code} tenantId={row.tenantId} />}
            {row === undefined || !isAnswerable(finding, row) ? null : (
              <Suspense>
                <FindingAnswers finding={finding} row={row} />
              </Suspense>
            )}
          </div>
        )
      })}
    </div>
  )
}

/** It is in no list of what waits, as a person said (J3). */
function Muted({ code, tenantId }: { code: string; tenantId: string }) {
  const muted = useAnswering()?.given?.mutes.find(
    (each) => each.tenantId === tenantId && each.codes.includes(code),
  )
  return muted === undefined ? null : <small className={styles['muted']}>{mutedText(muted)}</small>
}

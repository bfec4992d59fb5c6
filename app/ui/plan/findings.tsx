import type { Finding } from '#lib/billing/types.ts'
import { Note, type Tone } from '../note.tsx'
import styles from './findings.module.css'

const tones: Record<Finding['severity'], Tone> = { error: 'bad', warning: 'warn', note: 'quiet' }

/** Exact messages where they arose, with why and what to do beside them. */
export function Findings({ findings }: { findings: readonly Finding[] }) {
  return (
    <div className={styles['list']}>
      {findings.map(({ code, severity, message, detail, remedy }) => (
        <Note key={`${code}/${message}/${detail}`} tone={tones[severity]} detail={detail} remedy={remedy}>
          {message}
        </Note>
      ))}
    </div>
  )
}

import type { ReactNode } from 'react'
import styles from './note.module.css'

export type Tone = 'quiet' | 'warn' | 'bad'

interface NoteProps {
  readonly tone: Tone
  /** What happened: the exact message where there is one. */
  readonly children: ReactNode
  /** Why it happened. */
  readonly detail?: string | null
  /** What to do now. */
  readonly remedy?: string | null
}

/** What happened in one line; why and what to do are one click or key away. */
export function Note({ tone, children, detail, remedy }: NoteProps) {
  const classes = [styles['note'], tone === 'quiet' ? undefined : styles[tone]].filter(Boolean).join(' ')
  if (!detail && !remedy) return <div className={classes}>{children}</div>
  return (
    <details className={classes}>
      <summary>
        {children}
        <span className={styles['more']}>{remedy ? 'What to do' : 'Why'}</span>
      </summary>
      <div className={styles['rest']}>
        {detail ? <p>{detail}</p> : null}
        {remedy ? <p>{remedy}</p> : null}
      </div>
    </details>
  )
}

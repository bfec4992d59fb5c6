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
  /** How it is now and how it must be: always to be seen. */
  readonly stillWrong?: string | null | undefined
  /** The address of its page of troubleshooting. */
  readonly help?: string | null | undefined
}

/** What happened in one line; why and what to do are one click or key away. */
export function Note({ tone, children, detail, remedy, stillWrong, help }: NoteProps) {
  const classes = [styles['note'], tone === 'quiet' ? undefined : styles[tone]].filter(Boolean).join(' ')
  const now = stillWrong ? <span className={styles['now']}>{stillWrong}</span> : null
  if (!detail && !remedy)
    return (
      <div className={classes}>
        {children}
        {now}
      </div>
    )
  return (
    <details className={classes}>
      <summary>
        {children}
        {now}
        <span className={styles['more']}>{remedy ? 'What to do' : 'Why'}</span>
      </summary>
      <div className={styles['rest']}>
        {detail ? <p>{detail}</p> : null}
        {remedy ? <p>{remedy}</p> : null}
        {help ? (
          <p>
            <a href={help} target="_blank" rel="noopener">
              More about this
            </a>
          </p>
        ) : null}
      </div>
    </details>
  )
}

import styles from './chip.module.css'

/** A state in a word; colour only says it a second time. */
export function Mark({ tone, children }: { tone: 'good' | 'warn' | 'bad' | 'quiet'; children: string }) {
  return (
    <span className={[styles['chip'], tone === 'quiet' ? undefined : styles[tone]].filter(Boolean).join(' ')}>
      {children}
    </span>
  )
}

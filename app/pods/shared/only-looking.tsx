import type { ReactNode } from 'react'
import { LookNote } from './look-note.tsx'
import styles from './mapping-form.module.css'

interface OnlyLookingProps {
  readonly title: string
  readonly about: string
  readonly children: ReactNode
}

/** Instead of a form, for who may not map. */
export function OnlyLooking({ title, about, children }: OnlyLookingProps) {
  return (
    <div className={styles['form']}>
      <div>
        <h1>{title}</h1>
        <p className={styles['about']}>{about}</p>
      </div>
      {children}
      <LookNote />
    </div>
  )
}

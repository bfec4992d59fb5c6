import type { ReactNode } from 'react'
import { Note } from '#app/ui/kit/note.tsx'
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

export function LookNote() {
  return (
    <Note tone="quiet" remedy="An owner can allow it in Prism Pod, under Settings, Members of ConnectWise.">
      You can look, but not map or sync.
    </Note>
  )
}

import type { ReactNode } from 'react'
import { Button } from '#app/ui/kit/button.tsx'
import styles from './pod-message.module.css'

interface PodMessageProps {
  /** Its first sentence is the heading. */
  readonly title: string
  /** Why, and what to do next. */
  readonly children: ReactNode
  readonly onRetry?: () => void
  readonly link?: { readonly href: string; readonly text: string }
}

/** Instead of content: what happened, why, and the way on. */
export function PodMessage({ title, children, onRetry, link }: PodMessageProps) {
  const [heading, ...more] = title.split(/(?<=\.) /)
  return (
    <div className={styles['message']} role="status">
      <h1>{heading}</h1>
      {more.length === 0 ? null : <p>{more.join(' ')}</p>}
      <p>{children}</p>
      {onRetry === undefined ? null : <Button onClick={onRetry}>Try again</Button>}
      {link === undefined ? null : <a href={link.href}>{link.text}</a>}
    </div>
  )
}

/** The shape of what comes, so that nothing jumps when it does. */
export function Skeleton() {
  return (
    <div className={styles['skeleton']} aria-busy>
      <i />
      <i />
      <i />
      <i />
      <span hidden>Loading</span>
    </div>
  )
}

import type { ShownPod } from '#app/api/schemas/hosted-setups.ts'
import { CopiedValue } from './copied-value.tsx'
import { NAMES, PATH } from './pod-words.ts'
import styles from './pods.module.css'

interface ByHandProps extends Pick<ShownPod, 'pod' | 'byHand'> {
  readonly isOpen?: boolean
}

/** Where to enter a pod in ConnectWise, and each value of its form, in the form's order. */
export function ByHand({ pod, byHand, isOpen = false }: ByHandProps) {
  const { description, screen, origin, url, display, podHeight } = byHand
  return (
    <details className={styles['byHand']} open={isOpen}>
      <summary>
        Install it by hand<span className={styles['hidden']}>: {NAMES[pod]}</span>
      </summary>
      <p>
        In ConnectWise: {PATH} › <strong>+</strong>. It takes a member whose security role has “General /
        Manage Hosted API” under Table Setup. Enter these values exactly; ConnectWise itself fills in what
        stands in brackets.
      </p>
      <dl className={styles['values']}>
        <CopiedValue label="Description" value={description} />
        <CopiedValue label="Screen" value={screen} />
        <CopiedValue label="Origin" value={origin} />
        <CopiedValue label="URL" value={url} />
        <CopiedValue label="Display" value={display} />
        {podHeight === null ? null : <CopiedValue label="Pod Height" value={String(podHeight)} />}
      </dl>
    </details>
  )
}

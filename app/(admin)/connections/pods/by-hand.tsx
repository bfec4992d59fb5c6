import type { PodByHand, ShownPod } from '#app/api/schemas/hosted-setups.ts'
import { CopiedValue } from './copied-value.tsx'
import { NAMES, PATH } from './pod-words.ts'
import styles from './pods.module.css'

interface ByHandProps extends Pick<ShownPod, 'pod'> {
  readonly byHand: PodByHand
}

/** How to enter a pod in ConnectWise by hand, folded away: the button does it better. */
export function ByHand(props: ByHandProps) {
  return (
    <details className={styles['byHand']}>
      <summary aria-label={`Enter it by hand: ${NAMES[props.pod].toLowerCase()}`}>Enter it by hand</summary>
      <WhereByHand />
      <ValuesByHand {...props} />
    </details>
  )
}

export function WhereByHand() {
  return (
    <p className={styles['where']}>
      In ConnectWise: {PATH} › <strong>+</strong>, as a member whose security role has “General / Manage
      Hosted API” under Table Setup. Enter the values exactly; what stands in brackets ConnectWise itself
      fills in.
    </p>
  )
}

/** The values in the order of ConnectWise's form: what is chosen there, and what is typed, to be copied. */
export function ValuesByHand({ pod, byHand }: ByHandProps) {
  const { description, screen, origin, url, display, podHeight } = byHand
  const of = NAMES[pod].toLowerCase()
  return (
    <dl className={styles['values']}>
      <CopiedValue of={of} label="Description" value={description} />
      <Chosen label="Screen" value={screen} />
      <CopiedValue of={of} label="Origin" value={origin} />
      <CopiedValue of={of} label="URL" value={url} />
      <Chosen label="Display" value={display} />
      {podHeight === null ? null : <CopiedValue of={of} label="Pod Height" value={String(podHeight)} />}
    </dl>
  )
}

function Chosen({ label, value }: { label: string; value: string }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>
        <code>{value}</code>
      </dd>
    </>
  )
}

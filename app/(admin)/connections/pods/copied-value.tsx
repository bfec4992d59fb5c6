'use client'
import { useRef, useState } from 'react'
import { Button } from '#app/ui/kit/button.tsx'
import styles from './pods.module.css'

/** One field of ConnectWise's form with what to enter, to be copied. */
export function CopiedValue({ label, value }: { label: string; value: string }) {
  const shown = useRef<HTMLElement>(null)
  const [said, setSaid] = useState('Copy')
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value)
      setSaid('Copied')
    } catch {
      // The browser lets only https pages write the clipboard.
      if (shown.current !== null) getSelection()?.selectAllChildren(shown.current)
      setSaid('Selected')
    }
  }
  return (
    <>
      <dt>{label}</dt>
      <dd>
        <code ref={shown}>{value}</code>
        <Button tone="plain" onClick={() => void copy()} aria-label={`${said} ${label}`}>
          {said}
        </Button>
      </dd>
    </>
  )
}

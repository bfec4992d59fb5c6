'use client'
import { useRef, useState } from 'react'
import { Button } from '#app/ui/kit/button.tsx'

interface CopiedValueProps {
  /** Of which pod, for who hears the buttons one after the other. */
  readonly of: string
  readonly label: string
  readonly value: string
}

/** What to type into a field of ConnectWise's form, to be copied. */
export function CopiedValue({ of, label, value }: CopiedValueProps) {
  const shown = useRef<HTMLElement>(null)
  const [said, setSaid] = useState('Copy')
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value)
      setSaid('Copied')
    } catch {
      // Browsers let only https pages write the clipboard.
      if (shown.current !== null) getSelection()?.selectAllChildren(shown.current)
      setSaid('Selected')
    }
  }
  return (
    <>
      <dt>{label}</dt>
      <dd>
        <code ref={shown}>{value}</code>
        <Button tone="plain" onClick={() => void copy()} aria-label={`${said} ${label} of the ${of}`}>
          {said}
        </Button>
      </dd>
    </>
  )
}

'use client'
import { useId, useState } from 'react'
import { Button } from './button.tsx'
import styles from './copy-text.module.css'

interface CopyTextProps {
  readonly label: string
  readonly text: string
}

/** A text to take elsewhere; where the browser lets no page write the clipboard, it is shown to be copied by hand. */
export function CopyText({ label, text }: CopyTextProps) {
  const id = useId()
  const [state, setState] = useState<'ready' | 'copied' | 'shown'>('ready')
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      setState('copied')
    } catch {
      // Browsers let only https pages write the clipboard.
      setState('shown')
    }
  }
  return (
    <div className={styles['copy']}>
      <Button onClick={() => void copy()}>{label}</Button>
      <span role="status">{state === 'copied' ? 'Copied.' : ''}</span>
      {state === 'shown' ? (
        <label htmlFor={id} className={styles['text']}>
          Copy it from here:
          <textarea
            id={id}
            readOnly
            rows={Math.min(12, text.split('\n').length)}
            value={text}
            onFocus={({ target }) => target.select()}
          />
        </label>
      ) : null}
    </div>
  )
}

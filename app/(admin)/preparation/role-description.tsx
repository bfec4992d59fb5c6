'use client'
import { useState } from 'react'
import { Button } from '#app/ui/kit/button.tsx'
import styles from './preparation.module.css'

export function RoleDescription({ text }: { text: string }) {
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setCopied(true)
  }
  return (
    <section className={styles['role']} aria-label="Security role">
      <div className={styles['foot']}>
        <h2>The API member’s security role</h2>
        <Button onClick={() => void copy()}>{copied ? 'Copied' : 'Copy'}</Button>
      </div>
      <pre>{text}</pre>
    </section>
  )
}

'use client'
import { useEffect, useRef } from 'react'
import styles from './back-bar.module.css'

interface BackBarProps {
  readonly companyName: string
  /** Where we are in it. */
  readonly children: string
  readonly onBack: () => void
}

/** The way back to the company; it has the focus, as what was pressed to get here is gone. */
export function BackBar({ companyName, children, onBack }: BackBarProps) {
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => button.current?.focus(), [])
  return (
    <nav className={styles['bar']} aria-label="Where this is">
      <button ref={button} type="button" onClick={onBack}>
        ← {companyName}
      </button>
      <span>{children}</span>
    </nav>
  )
}

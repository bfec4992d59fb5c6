'use client'
import { usePathname, useRouter, useSearchParams } from 'next/navigation'
import { useEffect, useRef, useState, useTransition } from 'react'

const PAUSE_MS = 250

/** Searches as one types: the address gets `search`, and loses its page. */
export function SearchBox({ label, value }: { label: string; value: string }) {
  const router = useRouter()
  const path = usePathname()
  const parameters = useSearchParams()
  const [text, setText] = useState(value)
  const [isPending, startTransition] = useTransition()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const search = (wanted: string, pause: number) => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => {
      const next = new URLSearchParams(parameters)
      next.delete('page')
      next.set('search', wanted)
      startTransition(() => router.replace(`${path}?${next}`, { scroll: false }))
    }, pause)
  }
  return (
    <input
      type="search"
      aria-label={label}
      aria-busy={isPending}
      placeholder={label}
      value={text}
      onChange={({ target }) => {
        setText(target.value)
        search(target.value, PAUSE_MS)
      }}
      onKeyDown={({ key }) => {
        if (key === 'Enter') search(text, 0)
      }}
    />
  )
}

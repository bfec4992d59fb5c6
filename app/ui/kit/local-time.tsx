'use client'
import { useSyncExternalStore } from 'react'

const never = () => () => undefined

function format(iso: string, timeZone: string | undefined): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone,
  }).formatToParts(new Date(iso))
  const part = (type: string): string => parts.find((found) => found.type === type)?.value ?? ''
  // September is "Sept" in this locale; everywhere else in the product it is "Sep".
  return `${part('day')} ${part('month').slice(0, 3)} ${part('year')}, ${part('hour')}:${part('minute')}`
}

/** A moment as `2 Nov 2026, 09:14`: in the reader's time zone, and in UTC (which it then says) until the browser knows it. */
export function LocalTime({ at }: { at: string }) {
  const text = useSyncExternalStore(
    never,
    () => format(at, undefined),
    () => `${format(at, 'UTC')} UTC`,
  )
  return <time dateTime={at}>{text}</time>
}

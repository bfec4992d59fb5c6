/**
 * A stand-in's clock: real time until it is set to a day; then that day, at noon UTC, until it is set again.
 */
export interface Clock {
  now(): Date
  /** `YYYY-MM-DD` in UTC. */
  today(): string
  /** A day `YYYY-MM-DD` or an ISO timestamp; `null` for real time. Returns false where it is neither. */
  set(value: string | null): boolean
  readonly isReal: boolean
}

export function createClock(start: string | null = null): Clock {
  let fixed: Date | null = null
  const clock: Clock = {
    now: () => (fixed === null ? new Date() : new Date(fixed)),
    today: () => clock.now().toISOString().slice(0, 10),
    set(value) {
      if (value === null) {
        fixed = null
        return true
      }
      const next = new Date(/^\d{4}-\d{2}-\d{2}$/.test(value) ? `${value}T12:00:00Z` : value)
      if (Number.isNaN(next.getTime())) return false
      fixed = next
      return true
    },
    get isReal() {
      return fixed === null
    },
  }
  if (!clock.set(start)) throw new Error(`Not a day: ${start}`)
  return clock
}

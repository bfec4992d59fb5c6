import { ReplyError } from '../http/reply.ts'
import { tooManyRequests } from './errors.ts'

/**
 * Counts requests of the last minute; above the limit each is refused with 429 (docs/facts/connectwise.md,
 * "Limits and callbacks").
 */
export function createRateLimit(perMinute: number | undefined): { count(): void } {
  const windowMs = 60_000
  let times: number[] = []
  return {
    count() {
      if (perMinute === undefined) return
      const now = Date.now()
      times = times.filter((time) => time > now - windowMs)
      const oldest = times[0]
      if (times.length >= perMinute && oldest !== undefined)
        throw new ReplyError(tooManyRequests(Math.max(1, Math.ceil((oldest + windowMs - now) / 1000))))
      times.push(now)
    },
  }
}

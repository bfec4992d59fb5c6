/** Arithmetic of retrying; what may be retried is each client's own rule. */

export interface RetryRule {
  /** Requests in all, the first one included. */
  readonly tries: number
  /** Wait before the second try where the other side names none; it doubles from try to try. */
  readonly firstWaitMs: number
  /** Where the other side asks for a longer wait than this, the failure is passed on instead. */
  readonly longestWaitMs: number
}

export const usualRetries: RetryRule = { tries: 4, firstWaitMs: 500, longestWaitMs: 60_000 }

/**
 * How long to wait before the next try, in ms; `null`: give up.
 * `tried` counts the requests made so far, `askedMs` is what the other side asked for (Retry-After), `random` is in [0, 1).
 */
export function retryWaitMs(
  rule: RetryRule,
  tried: number,
  askedMs: number | null,
  random: number = Math.random(),
): number | null {
  if (tried >= rule.tries) return null
  if (askedMs !== null) return askedMs <= rule.longestWaitMs ? askedMs : null
  const longest = Math.min(rule.firstWaitMs * 2 ** (tried - 1), rule.longestWaitMs)
  return Math.round(longest * (0.5 + random / 2))
}

/** `Retry-After` in ms: seconds or an HTTP date; `null` where there is none or it is not readable. */
export function retryAfterMs(header: string | null | undefined, now: number = Date.now()): number | null {
  const text = header?.trim() ?? ''
  if (text === '') return null
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000)
  const date = Date.parse(text)
  return Number.isNaN(date) ? null : Math.max(0, date - now)
}

/** Time that the tries of one read share; waits between them are not counted. */
export interface SharedTime {
  /** What is left of it. */
  readonly leftMs: number
  /** Runs one try, and counts how long it took. */
  spend<T>(run: () => Promise<T>): Promise<T>
}

export function sharedTime(totalMs: number): SharedTime {
  let leftMs = totalMs
  return {
    get leftMs() {
      return leftMs
    },
    async spend(run) {
      const started = performance.now()
      try {
        return await run()
      } finally {
        leftMs -= performance.now() - started
      }
    },
  }
}

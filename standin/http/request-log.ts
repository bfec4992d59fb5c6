/** What a stand-in was asked; tests count with it, people look at it. */

export interface LoggedRequest {
  readonly number: number
  /** ISO timestamp of the real clock. */
  readonly at: string
  readonly method: string
  /** Path with query. */
  readonly path: string
  readonly route: string
  /** `null` where no answer was sent. */
  readonly status: number | null
  readonly ms: number
  readonly faults: readonly string[]
}

export interface RequestLog {
  /** Begins a request; the returned function ends it. */
  begin(): (entry: Omit<LoggedRequest, 'number' | 'at' | 'ms'>) => void
  report(): RequestReport
  reset(): void
}

export interface RequestReport {
  readonly total: number
  /** The most requests that were under way at the same time. */
  readonly mostAtOnce: number
  readonly byMethod: Readonly<Record<string, number>>
  /** By `METHOD /route/:pattern`. */
  readonly byRoute: Readonly<Record<string, number>>
  /** The last 5,000, oldest first. */
  readonly requests: readonly LoggedRequest[]
}

const kept = 5_000

export function createRequestLog(): RequestLog {
  let total = 0
  let atOnce = 0
  let mostAtOnce = 0
  let byMethod: Record<string, number> = {}
  let byRoute: Record<string, number> = {}
  let requests: LoggedRequest[] = []
  return {
    begin() {
      const started = performance.now()
      const at = new Date().toISOString()
      atOnce += 1
      mostAtOnce = Math.max(mostAtOnce, atOnce)
      return (entry) => {
        atOnce -= 1
        total += 1
        const key = `${entry.method} ${entry.route}`
        byMethod[entry.method] = (byMethod[entry.method] ?? 0) + 1
        byRoute[key] = (byRoute[key] ?? 0) + 1
        requests.push({ ...entry, number: total, at, ms: Math.round(performance.now() - started) })
        if (requests.length > 2 * kept) requests = requests.slice(-kept)
      }
    },
    report: () => ({ total, mostAtOnce, byMethod, byRoute, requests: requests.slice(-kept) }),
    reset() {
      total = 0
      mostAtOnce = atOnce
      byMethod = {}
      byRoute = {}
      requests = []
    },
  }
}

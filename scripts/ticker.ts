/** Calls the app's cron route, as a platform's scheduler would: detection and left-over jobs live from it. */

type Log = (line: string) => void

interface Target {
  readonly localUrl: string
  readonly cronSecret: string
  /** Looks for invoices only where the last look is an hour old; else at every call. */
  readonly isHourly?: boolean
}

/** After a failure it is tried again so soon: what was under way goes on as soon as the database is back. */
const RETRY_SECONDS = 5
/** Well above what one call takes; a call that hangs does not end the schedule. */
const LONGEST_CALL_MS = 5 * 60_000

/** One call at a time, until it is disposed of; that calls fail is told once, and that they work again. */
export function startTicker(target: Target, everySeconds: number, log: Log): Disposable {
  const stopped = new AbortController()
  let timer: NodeJS.Timeout
  let lastFailure: Failure | null = null

  const tick = async (): Promise<void> => {
    const failure = await callCron(target, stopped.signal)
    if (stopped.signal.aborted) return
    if (failure !== null && failure.kind !== lastFailure?.kind)
      log(`The scheduled call failed: ${failure.text} It is tried again every ${retrySeconds} s.`)
    if (failure === null && lastFailure !== null) log('The scheduled call works again.')
    lastFailure = failure
    timer = setTimeout(() => void tick(), (failure === null ? everySeconds : retrySeconds) * 1000)
  }
  const retrySeconds = Math.min(everySeconds, RETRY_SECONDS)
  timer = setTimeout(() => void tick(), Math.min(everySeconds, 1) * 1000)

  return {
    [Symbol.dispose]() {
      stopped.abort()
      clearTimeout(timer)
    },
  }
}

/** Failures of one kind differ in times and numbers, and are one state. */
interface Failure {
  readonly kind: string
  readonly text: string
}

async function callCron(
  { localUrl, cronSecret, isHourly = false }: Target,
  stopped: AbortSignal,
): Promise<Failure | null> {
  try {
    const headers = { authorization: `Bearer ${cronSecret}` }
    const signal = AbortSignal.any([stopped, AbortSignal.timeout(LONGEST_CALL_MS)])
    const answer = await fetch(`${localUrl}/api/cron/sync${isHourly ? '?detect=due' : ''}`, {
      headers,
      signal,
    })
    const text = await answer.text()
    return answer.ok ? null : failureOf(answer.status, text)
  } catch (error) {
    const kind = error instanceof Error ? causeOf(error) : String(error)
    return { kind, text: `the app does not answer (${kind}).` }
  }
}

/** The app's own problem in its words; of anything else, a page of a proxy, only the status. */
function failureOf(status: number, text: string): Failure {
  try {
    const { code, detail } = JSON.parse(text) as { code?: unknown; detail?: unknown }
    if (typeof code === 'string') return { kind: `${status} ${code}`, text: String(detail) }
  } catch {
    // Not JSON.
  }
  return { kind: String(status), text: `status ${status}.` }
}

/** `fetch failed` says nothing; its cause does. */
function causeOf({ cause, name, message }: Error): string {
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code
  return name === 'TimeoutError' ? 'no answer in time' : message
}

/** Calls the app's cron route, as a platform's scheduler would: detection and left-over jobs live from it. */

type Log = (line: string) => void

/** One call at a time, until it is disposed of; a failure is told once, until a call succeeds again. */
export function startTicker(
  { localUrl, cronSecret }: { localUrl: string; cronSecret: string },
  everySeconds: number,
  log: Log,
): Disposable {
  const stopped = new AbortController()
  let timer: NodeJS.Timeout
  let lastFailure: string | undefined

  const tick = async (): Promise<void> => {
    const failure = await callCron(localUrl, cronSecret, stopped.signal)
    if (stopped.signal.aborted) return
    if (failure !== undefined && failure !== lastFailure) log(`The scheduled call failed: ${failure}`)
    lastFailure = failure
    timer = setTimeout(() => void tick(), everySeconds * 1000)
  }
  timer = setTimeout(() => void tick(), 1000)

  return {
    [Symbol.dispose]() {
      stopped.abort()
      clearTimeout(timer)
    },
  }
}

async function callCron(url: string, cronSecret: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    const headers = { authorization: `Bearer ${cronSecret}` }
    const answer = await fetch(`${url}/api/cron/sync`, { headers, signal })
    const text = await answer.text()
    if (answer.ok) return undefined
    const isPage = answer.headers.get('content-type')?.startsWith('text/html')
    return isPage ? `status ${answer.status}` : `status ${answer.status} ${text.slice(0, 300)}`
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** Keeps the embedded PostgreSQL running while its launcher does: a dead one is started again on the same port. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Cluster } from './postgres-cluster.ts'
import { endLeftovers, hasServer, runningPort, type StartOptions, startServer } from './postgres-server.ts'

const LOOK_EVERY_MS = 500
const SHORTEST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 15_000

/**
 * Looks twice a second whether the server lives. One that cannot be started is tried again, at ever longer intervals up to
 * 15 s, and the log says why once for each reason. Dispose of it before the server is stopped in order.
 */
export function keepRunning(
  cluster: Cluster,
  options: StartOptions,
  log: (line: string) => void,
): AsyncDisposable {
  const stopped = new AbortController()
  const watching = watch(cluster, options, log, stopped.signal)
  return {
    async [Symbol.asyncDispose]() {
      stopped.abort()
      await watching
    },
  }
}

async function watch(
  cluster: Cluster,
  options: StartOptions,
  log: (line: string) => void,
  stopped: AbortSignal,
): Promise<void> {
  while (await waited(LOOK_EVERY_MS, stopped)) {
    // A server that somebody started from another folder does not look like one, but answers.
    if ((await hasServer(cluster)) || (await runningPort(cluster)) !== undefined) continue
    log('PostgreSQL has ended without being asked to; it is being started again.')
    const started = Date.now()
    if (await startAgain(cluster, options, log, stopped))
      log(`PostgreSQL runs again, after ${((Date.now() - started) / 1000).toFixed(1)} s.`)
  }
}

/** Tries until the server runs; false where it was stopped before. */
async function startAgain(
  cluster: Cluster,
  options: StartOptions,
  log: (line: string) => void,
  stopped: AbortSignal,
): Promise<boolean> {
  let pauseMs = SHORTEST_PAUSE_MS
  let lastReason: string | undefined
  while (!stopped.aborted) {
    try {
      await startServer(cluster, options)
      return true
    } catch (error) {
      // Another launcher may have been faster.
      if (await hasServer(cluster)) return true
      const reason = error instanceof Error ? error.message : String(error)
      if (withoutTimes(reason) !== lastReason) log(`${reason}\nIt is tried again until it starts.`)
      lastReason = withoutTimes(reason)
    }
    await waited(pauseMs, stopped)
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
    if (!stopped.aborted) await endLeftovers(cluster)
  }
  return false
}

/** The same lines at another time are the same reason. */
const withoutTimes = (text: string): string => text.replaceAll(/\d+/g, '')

/** False where it was stopped meanwhile. */
const waited = (ms: number, stopped: AbortSignal): Promise<boolean> =>
  sleep(ms, true, { signal: stopped }).catch(() => false)

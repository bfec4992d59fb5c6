/** What every launcher has in common: it runs until it is asked to stop, or until a part of it ends. */
import { setInterval } from 'node:timers'

type Start = (held: AsyncDisposableStack) => Promise<{ ended: Promise<string> }>

/**
 * Runs `start`, which puts into `held` what must be stopped at the end, in reverse order. Ends the process on
 * SIGINT, SIGTERM, SIGHUP and when npm is gone (code 0), when start fails or a part of it ends (code 1).
 */
export async function launch(start: Start): Promise<never> {
  const held = new AsyncDisposableStack()
  const failure = await Promise.race([stopRequested(), runUntilEnd(start, held)])
  if (failure === undefined) console.log('\nStopping ...')
  else console.error(`\n${failure}`)
  await held.disposeAsync()
  process.exit(failure === undefined ? 0 : 1)
}

async function runUntilEnd(start: Start, held: AsyncDisposableStack): Promise<string> {
  try {
    const { ended } = await start(held)
    return await ended
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function stopRequested(): Promise<undefined> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => resolve(undefined))
    // The shell between npm and us does not pass a signal on, it ends; our parent is then another process.
    const parent = process.ppid
    if (process.env.npm_lifecycle_event) {
      setInterval(() => process.ppid !== parent && resolve(undefined), 500).unref()
    }
  })
}

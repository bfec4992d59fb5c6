import { setTimeout as wait } from 'node:timers/promises'
import { ProductError } from '#lib/base/errors.ts'

/** Longer than ConnectWise usually takes to refuse a claim. */
const REFUSED_AFTER_MS = 1_000

/** Refuses no sooner than after a second, so that the time does not say whether ConnectWise was asked, and what was known before. */
export async function inEvenTime<T>(work: () => Promise<T>, afterMs = REFUSED_AFTER_MS): Promise<T> {
  const began = performance.now()
  try {
    return await work()
  } catch (error) {
    const left = began + afterMs - performance.now()
    if (error instanceof ProductError && error.code === 'sign-in-refused' && left > 0) await wait(left)
    throw error
  }
}

/** Long work of a request, in turns with the requests of others: a process serves many organisations (J16). */
import { setImmediate as othersTurn } from 'node:timers/promises'

/** So long one of them keeps the process to itself, ms. */
const TURN_MS = 15

/** The end of work that pauses by `yield`. What it throws is thrown here. */
export async function inTurns<Result>(work: Generator<undefined, Result>): Promise<Result> {
  let began = performance.now()
  for (;;) {
    const step = work.next()
    if (step.done === true) return step.value
    if (performance.now() - began < TURN_MS) continue
    await othersTurn()
    began = performance.now()
  }
}

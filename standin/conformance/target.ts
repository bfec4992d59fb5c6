/**
 * What a conformance suite talks to: the stand-in that it starts, and a real instance when the environment names one.
 * A real instance is asked serially and at a pace, and never more often than `budget` allows.
 */

export interface Target {
  /** Shown in test titles. */
  readonly name: string
  readonly isReal: boolean
  /** Asks as `fetch` does; waits its turn. Throws when the budget is used up. */
  readonly ask: (address: string, init?: RequestInit) => Promise<Response>
}

/** Milliseconds between two requests to a real instance, and how many one run may send. */
export interface Pace {
  readonly gapMs: number
  readonly budget: number
}

export const gentle: Pace = { gapMs: 500, budget: 80 }

/**
 * The values of the named variables; `null` where none is set. Throws where only some are: a run on a real instance
 * that was meant must not pass silently without it.
 */
export function fromEnvironment<Name extends string>(
  names: readonly Name[],
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Readonly<Record<Name, string>> | null {
  const missing = names.filter((name) => !environment[name])
  if (missing.length === names.length) return null
  if (missing.length > 0) throw new Error(`Conformance: ${missing.join(', ')} must be set too.`)
  return Object.fromEntries(names.map((name) => [name, environment[name]])) as Record<Name, string>
}

/** A stand-in: asked at once. */
export function standInTarget(name: string): Target {
  return { name, isReal: false, ask: (address, init) => fetch(address, init) }
}

/** A real instance: one request after another. */
export function realTarget(name: string, pace: Pace = gentle): Target {
  let sent = 0
  let turn: Promise<unknown> = Promise.resolve()
  const ask = (address: string, init?: RequestInit): Promise<Response> => {
    const answer = turn.then(async () => {
      if (sent >= pace.budget) throw new Error(`Conformance: more than ${pace.budget} requests to ${name}.`)
      if (sent > 0) await new Promise((resolve) => setTimeout(resolve, pace.gapMs))
      sent += 1
      return fetch(address, init)
    })
    turn = answer.catch(() => undefined)
    return answer
  }
  return { name, isReal: true, ask }
}

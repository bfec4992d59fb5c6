import type { Clock } from './clock.ts'
import { type Faults, readFaultRules } from './faults.ts'
import { json, noContent, ReplyError } from './reply.ts'
import type { RequestLog } from './request-log.ts'
import type { Router } from './router.ts'

export interface Controlled {
  readonly faults: Faults
  readonly requests: RequestLog
  readonly clock: Clock
  /** Puts the stand-in's records back to its seed. */
  readonly reset: () => void
}

/** Adds the control calls that every stand-in has; they are documented in standin/README.md. */
export function addControlRoutes(router: Router, { faults, requests, clock, reset }: Controlled): void {
  const clockState = () => ({ today: clock.today(), now: clock.now().toISOString(), real: clock.isReal })
  router
    .on('GET', '/control/faults', () => json(faults.list()))
    .on('POST', '/control/faults', (incoming) => {
      faults.add(readFaultRules(incoming.json()))
      return json(faults.list(), 201)
    })
    .on('DELETE', '/control/faults', () => {
      faults.clear()
      return noContent
    })
    .on('GET', '/control/requests', () => json(requests.report()))
    .on('DELETE', '/control/requests', () => {
      requests.reset()
      return noContent
    })
    .on('POST', '/control/reset', () => {
      reset()
      faults.clear()
      requests.reset()
      return noContent
    })
    .on('GET', '/control/clock', () => json(clockState()))
    .on('PUT', '/control/clock', (incoming) => {
      const { today } = incoming.json() as { today?: unknown }
      const valid = (typeof today === 'string' || today === null) && clock.set(today)
      if (!valid)
        throw new ReplyError(json({ message: 'today is a day (YYYY-MM-DD) or null for real time.' }, 400))
      return json(clockState())
    })
}

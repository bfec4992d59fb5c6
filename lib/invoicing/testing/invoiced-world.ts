/** One mapped customer on both stand-ins, whose agreement ConnectWise invoices. */
import type { ConnectWiseClient } from '#lib/connectwise/values.ts'
import { createMapped, program, startWorld, type World } from '#lib/sync/testing/world.ts'
import type { InvoicingContext } from '../context.ts'

export interface InvoicedWorld {
  readonly world: World
  readonly organisationId: string
  /** As a job has it, a minute later, so that what was written is over. */
  readonly context: () => InvoicingContext & { readonly connectWise: ConnectWiseClient }
  /** A control call of the ConnectWise stand-in, and what it answers. Throws where it refuses. */
  readonly control: (method: string, path: string, body?: unknown) => Promise<unknown>
}

export async function startInvoiced(): Promise<InvoicedWorld> {
  const world = await startWorld()
  const organisationId = await createMapped(world.db)
  const { connectWise } = await world.worker.clients(organisationId)
  return {
    world,
    organisationId,
    context: () => ({
      db: world.db,
      organisationId,
      program,
      connectWise,
      now: () => new Date(Date.now() + 60_000),
    }),
    async control(method, path, body) {
      const request: RequestInit = { method }
      if (body !== undefined) {
        request.body = JSON.stringify(body)
        request.headers = { 'content-type': 'application/json' }
      }
      const answer = await fetch(`${world.addresses.connectWise}/control/${path}`, request)
      if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`)
      return answer.status === 204 ? null : await answer.json()
    },
  }
}

/** What a job's verb needs of its organisation, and what came of using its connections. */
import type { ConnectionKind } from '#db/connections/connections.ts'
import { mayDelete } from '#db/connections/preflights.ts'
import { ProductError } from '#lib/base/errors.ts'
import { log } from '#lib/base/log.ts'
import { programOptions } from '#lib/intake/context.ts'
import { programBySlug } from '#lib/programs/registry.ts'
import type { StoredContext, SyncContext } from '#lib/sync/context.ts'
import { enqueueScheduled } from './enqueue.ts'
import type { Clients, Worker } from './worker.ts'

/** A context without the clients: what is needed to note that they could not be opened. */
export const storedContext = async (
  worker: Worker,
  organisationId: string,
  slug: string,
  actor: string,
): Promise<StoredContext> => {
  const program = programBySlug(slug)
  if (!program) throw new ProductError('not-found', `There is no program ${slug}.`)
  const { db, settings, now = () => new Date() } = worker
  const options = await programOptions(db, organisationId, program)
  const deletes = await mayDelete(db, organisationId, slug)
  return {
    db,
    organisationId,
    program,
    options,
    mayDelete: deletes,
    actor,
    now,
    enqueue: enqueueScheduled(db),
    log: log.with({ organisationId, program: slug }),
    settings,
  }
}

/** The context of an organisation's program for routes that preview. */
export const contextOf = async (
  worker: Worker,
  organisationId: string,
  slug: string,
  actor: string,
): Promise<SyncContext> => {
  const base = await storedContext(worker, organisationId, slug, actor)
  return { ...base, ...(await worker.clients(organisationId)) }
}

/**
 * Does `work` with an organisation's connections, and has their cards told afterwards what each answered last (B4): of a
 * failure that a repetition, or reading what a write did, got over there is nothing to say. Throws what opening them threw.
 */
export const withConnections = async <T>(
  worker: Worker,
  organisationId: string,
  work: (clients: Clients) => Promise<T>,
): Promise<T> => {
  const usedFrom = new Date()
  const clients = await worker.clients(organisationId)
  const last = new Map<ConnectionKind, unknown>()
  const noteFor = (kind: ConnectionKind) => (error: unknown) => {
    if (error === null || isOfConnection(error)) last.set(kind, error)
  }
  try {
    return await work({
      prism: observed(clients.prism, noteFor('prism')),
      connectWise: observed(clients.connectWise, noteFor('connectwise')),
      currency: clients.currency,
    })
  } finally {
    for (const [kind, error] of last)
      await worker
        .noteUse({ organisationId, kind, error, usedFrom })
        .catch((cause: unknown) => log.error('connection-use-not-noted', { organisationId, kind, cause }))
  }
}

/** Every call of the client, with what came of it: `null`, or what it threw. What asks nobody is left as it is. */
const observed = <C extends object>(client: C, note: (error: unknown) => void): C =>
  new Proxy(client, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      return (...input: unknown[]): unknown => {
        const answer: unknown = Reflect.apply(value, target, input)
        return answer instanceof Promise ? observedAnswer(answer, note) : answer
      }
    },
  })

const observedAnswer = async (asked: Promise<unknown>, note: (error: unknown) => void): Promise<unknown> => {
  try {
    const answer = await asked
    note(null)
    return isStream(answer) ? observedStream(answer, note) : answer
  } catch (error) {
    note(error)
    throw error
  }
}

const isStream = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value

/** A file may break off long after its answer began. */
async function* observedStream(
  stream: AsyncIterable<unknown>,
  note: (error: unknown) => void,
): AsyncGenerator {
  try {
    yield* stream
  } catch (error) {
    note(error)
    throw error
  }
}

/** Whoever's record it was about. */
const alwaysOfConnection: readonly string[] = [
  'address-refused',
  'prism-unreachable',
  'prism-unreadable',
  'connectwise-unreachable',
  'connectwise-unreadable',
  'connectwise-unknown',
]

/** Whether the connection failed, and not one record: ConnectWise's 400 to an addition says that all else works. */
const isOfConnection = (error: unknown): boolean => {
  if (!(error instanceof ProductError)) return false
  if (alwaysOfConnection.includes(error.code)) return true
  const status = 'status' in error ? error.status : null
  // PRISM refuses credentials with 400 or 401, and answers 404 to a record that it does not have.
  if (error.code === 'prism-refused') return status !== 404
  return error.code === 'connectwise-refused' && (status === 401 || status === 403 || status === 429)
}

/** Another process is at it. */
export const isElsewhere = (error: unknown): boolean =>
  error instanceof ProductError && (error.code === 'already-running' || error.code === 'lease-lost')

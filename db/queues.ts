import type { Queue } from 'pg-boss'

/** Seconds without a heartbeat after which a job counts as dead; pg-boss takes no less than 10. */
export const jobHeartbeatSeconds = 10

type QueueOptions = Omit<Queue, 'name'>

const common = {
  heartbeatSeconds: jobHeartbeatSeconds,
  expireInSeconds: 60 * 60,
  deleteAfterSeconds: 7 * 24 * 60 * 60,
}

/**
 * The queues. `singleton` allows one active job a key, the agreement (docs/applying.md, "Lease") or the
 * program of an organisation; `stately` also one that waits: the program of an organisation, or an invoice. A job that
 * found its agreement leased to another process is retried until that lease has ended. `notify` sees to the messages of an
 * organisation; when a message is tried again is a row of the outbox, not the queue.
 */
export const queues = {
  detect: { ...common, policy: 'stately', retryLimit: 2, retryDelay: 5 },
  'load-invoice': { ...common, policy: 'stately', retryLimit: 60, retryDelay: 5 },
  'sync-products': { ...common, policy: 'singleton', retryLimit: 60, retryDelay: 1 },
  'sync-agreement': { ...common, policy: 'singleton', retryLimit: 60, retryDelay: 1 },
  /** Of an organisation; one that waits is what is left. */
  scan: { ...common, policy: 'stately', retryLimit: 10, retryDelay: 5 },
  /** What ConnectWise invoiced, of an organisation. */
  invoicing: { ...common, policy: 'stately', retryLimit: 3, retryDelay: 30 },
  notify: { ...common, policy: 'stately', retryLimit: 5, retryDelay: 5 },
  /** What is kept for a time alone, of an organisation. */
  'remove-old': { ...common, policy: 'stately', retryLimit: 3, retryDelay: 30 },
  /** Of all that are being deleted; its jobs name none of them, so that none stays in the queue. */
  'delete-organisations': { ...common, policy: 'stately', retryLimit: 10, retryDelay: 5 },
} as const satisfies Readonly<Record<string, QueueOptions>>

export type QueueName = keyof typeof queues
export const queueNames = Object.keys(queues) as readonly QueueName[]

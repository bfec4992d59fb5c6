/** Telling people: when an organisation's messages are seen to, and the job that decides on them and sends them (G4, J4). */
import type { Database } from '#db/client.ts'
import { noticeNoLaterThan, setNextNotice, takeDueNotices } from '#db/directory/due-notices.ts'
import { forgetDigests, nextDue } from '#db/notices/outbox.ts'
import { log } from '#lib/base/log.ts'
import { keptBy, removedBefore } from '#lib/keeping/times.ts'
import { decide, recipientsOf } from '#lib/notify/decide.ts'
import { deadAfterMs, deliver } from '#lib/notify/deliver.ts'
import { programs } from '#lib/programs/registry.ts'
import type { Attempt, Done } from './attempt.ts'
import type { NotifyPayload } from './definitions.ts'
import { enqueueNotify } from './enqueue-notify.ts'
import type { Worker } from './worker.ts'

/** Reminders and a late invoice come by themselves; this is how late they may be. */
const everyMs = 60 * 60 * 1000
/** Digests that one job forgets. */
const forgottenAtOnce = 500
/** Organisations that one call takes. */
const atOnce = 200

/** Enqueues the messages that are due, and what is to be decided by now. */
export const enqueueDueNotices = async (db: Database, now: Date): Promise<void> => {
  const due = await takeDueNotices(db, now, { limit: atOnce, againMs: deadAfterMs })
  for (const organisationId of due) await enqueueNotify(db, { organisationId })
}

/**
 * Something ended of which people may be to be told. It is tried again by itself where it cannot be enqueued now, so that no sync
 * fails for it.
 */
export const somethingEnded = async (
  { db, now = () => new Date() }: Worker,
  organisationId: string,
  program: string,
): Promise<void> => {
  try {
    if ((await recipientsOf(db, organisationId, program)).length === 0) return
    await noticeNoLaterThan(db, organisationId, new Date(now().getTime() + deadAfterMs))
    await enqueueNotify(db, { organisationId })
  } catch (error) {
    log.warn('notice-not-enqueued', { organisationId, error })
  }
}

export const notifyJob = async (
  worker: Worker,
  { organisationId }: NotifyPayload,
  { until }: Attempt,
): Promise<Done> => {
  const { db, means, now = () => new Date() } = worker
  if (means === undefined) return {}
  let isForAnybody = false
  for (const { slug: program } of programs) {
    isForAnybody ||= (await recipientsOf(db, organisationId, program)).length > 0
    await decide({ db, organisationId, program, now, currency: await means.currency(organisationId) })
  }
  await deliver({ db, organisationId, means, now, until })
  await forgetDigests(db, organisationId, removedBefore(keptBy('messages'), now()), forgottenAtOnce)
  const due = await nextDue(db, organisationId, deadAfterMs)
  const next = isForAnybody ? new Date(now().getTime() + everyMs) : null
  await setNextNotice(db, organisationId, earlierOf(due, next))
  // What was left for want of time goes on at once.
  if (due !== null && due <= now()) await enqueueNotify(db, { organisationId })
  return {}
}

const earlierOf = (a: Date | null, b: Date | null): Date | null =>
  a === null ? b : b === null ? a : a < b ? a : b

/** Decides whether there is something to tell of a program, and puts it into the outbox in the same transaction (J4). */
import type { Database } from '#db/client.ts'
import { lockTold, putDigest, putTold, type Recipient } from '#db/notices/outbox.ts'
import { unsubscribedAddresses, webhookOf } from '#db/notices/recipients.ts'
import { isSyncUnderWay } from '#db/notices/standing.ts'
import { programSettings } from '#db/prism/programs.ts'
import { nextDigest } from './digest.ts'
import { type Told, toldNothing, toldSchema } from './facts.ts'
import { situationOf } from './situation.ts'

/** A sync's end tells more than its middle; one that goes on for longer than this is not waited for. */
const patienceMs = 2 * 60 * 60 * 1000

export interface DecideContext {
  readonly db: Database
  readonly organisationId: string
  readonly program: string
  readonly now: () => Date
  /** The code of the currency that PRISM invoices in; `''` where it is not known. */
  readonly currency: string
}

/** Who is to be told of a program: its addresses that have not unsubscribed, and its webhook. */
export const recipientsOf = async (
  db: Database,
  organisationId: string,
  program: string,
): Promise<Recipient[]> => {
  const settings = await programSettings(db, organisationId, program)
  const without = await unsubscribedAddresses(db, organisationId, program)
  const addresses = new Map((settings?.emails ?? []).map((address) => [address.toLowerCase(), address]))
  const webhook = await webhookOf(db, organisationId, program)
  return [
    ...[...addresses].flatMap(([key, recipient]): Recipient[] =>
      without.has(key) ? [] : [{ channel: 'mail', recipient }],
    ),
    ...(webhook === null ? [] : [{ channel: 'webhook', recipient: '' } as const]),
  ]
}

/** Whether a digest was put into the outbox. While Sync is off, while a sync is under way, or for nobody, none is. */
export const decide = async (ctx: DecideContext): Promise<boolean> => {
  const { db, organisationId, program } = ctx
  const settings = await programSettings(db, organisationId, program)
  if (settings === null || !settings.enabled) return false
  const since = new Date(ctx.now().getTime() - patienceMs)
  if (await isSyncUnderWay(db, organisationId, program, since)) return false
  if ((await recipientsOf(db, organisationId, program)).length === 0) return false
  return db.transaction(async (tx) => {
    const told = readTold(await lockTold(tx, organisationId, program))
    const recipients = await recipientsOf(tx, organisationId, program)
    if (recipients.length === 0) return false
    const now = ctx.now()
    const next = nextDigest(told, await situationOf(tx, organisationId, program, now))
    await putTold(tx, organisationId, program, next.told)
    const { digest } = next
    if (digest === null) return false
    await putDigest(tx, organisationId, { program, currency: ctx.currency, digest }, recipients, now)
    return true
  })
}

/** Where another version stored what this one does not understand, all is told again: better twice than never. */
const readTold = (stored: unknown): Told => toldSchema.safeParse(stored).data ?? toldNothing

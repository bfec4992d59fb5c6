/**
 * Sends what of the outbox is due. A message is claimed before it is sent, and what came of it is stored after; a claim of
 * a process that died is taken over, and the message goes out again under the same id. Each is tried by itself: one bad
 * address or a slow server holds up no other for longer than its own time limit.
 */
import type { Database } from '#db/client.ts'
import { organisation } from '#db/directory/organisations.ts'
import { claimMessage, type Ended, endTry, type Message, type StoredDigest } from '#db/notices/outbox.ts'
import { webhookOf } from '#db/notices/recipients.ts'
import type { Guard } from '#lib/base/guarded-fetch.ts'
import type { Sealer, Secret } from '#lib/base/secrets.ts'
import { programBySlug } from '#lib/programs/registry.ts'
import { recipientsOf } from './decide.ts'
import { digestMail } from './digest-mail.ts'
import type { About } from './digest-text.ts'
import { digestSchema } from './facts.ts'
import type { Mailer } from './mail.ts'
import { waitAfter } from './tries.ts'
import { unsubscribeToken } from './unsubscribe-link.ts'
import { isTaken, openTarget, postSigned } from './webhook.ts'
import { webhookBody } from './webhook-body.ts'

/** How this deployment reaches people. */
export interface Means {
  /** `null`: this deployment sends no mail. */
  readonly mailer: Mailer | null
  readonly guard: Guard
  readonly sealer: Sealer
  /** Without a slash at the end. */
  readonly appUrl: string
  /** Signs the links by which addresses unsubscribe. */
  readonly linkSecret: Secret
  /** For one request to a webhook; 20,000 where left out. */
  readonly webhookMs?: number
}

export interface DeliverContext {
  readonly db: Database
  readonly organisationId: string
  readonly means: Means
  readonly now: () => Date
  /** From then on no message is begun, but for the first. */
  readonly until: Date
}

/** Longer than any try lasts: after this its process is dead. */
export const deadAfterMs = 5 * 60 * 1000
const atATime = 4

export const noMailServer = 'Mail is not set up in this deployment (SMTP_URL and MAIL_FROM).'

/** How many messages were tried. */
export const deliver = async (ctx: DeliverContext): Promise<number> => {
  let tried = 0
  const worker = async (): Promise<void> => {
    while (tried === 0 || ctx.now() < ctx.until) {
      const now = ctx.now()
      const deadBefore = new Date(now.getTime() - deadAfterMs)
      const claimed = await claimMessage(ctx.db, ctx.organisationId, { now, deadBefore })
      if (claimed === null) return
      tried += 1
      const ended = await tryOnce(ctx, claimed.message, claimed.digest)
      await endTry(ctx.db, ctx.organisationId, claimed.message, ended, ctx.now())
    }
  }
  await Promise.all(Array.from({ length: atATime }, worker))
  return tried
}

const tryOnce = async (ctx: DeliverContext, message: Message, stored: StoredDigest): Promise<Ended> => {
  try {
    return message.channel === 'mail'
      ? await mailed(ctx, message, stored)
      : await posted(ctx, message, stored)
  } catch (error) {
    return again(
      ctx,
      message,
      error instanceof Error ? error.message : String(error),
      isRefusedForGood(error),
    )
  }
}

const again = (
  ctx: DeliverContext,
  { attempts }: Pick<Message, 'attempts'>,
  error: string,
  isRefused = false,
): Ended => {
  const waitMs = waitAfter(attempts, isRefused)
  return waitMs === null
    ? { state: 'failed', error }
    : { state: 'queued', error, dueAt: new Date(ctx.now().getTime() + waitMs) }
}

/** SMTP's 5xx to the recipient. */
const isRefusedForGood = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  error.code === 'EENVELOPE' &&
  'responseCode' in error &&
  Number(error.responseCode) >= 500

const mailed = async (ctx: DeliverContext, message: Message, stored: StoredDigest): Promise<Ended> => {
  const { organisationId, means } = ctx
  const { program, recipient, id } = message
  const wanted = await recipientsOf(ctx.db, organisationId, program)
  const isTheirs = (each: string): boolean => each.toLowerCase() === recipient.toLowerCase()
  if (!wanted.some((each) => each.channel === 'mail' && isTheirs(each.recipient))) return { state: 'dropped' }
  if (means.mailer === null) return again(ctx, message, noMailServer)
  const token = unsubscribeToken(means.linkSecret, { organisationId, program, address: recipient })
  await means.mailer.send(
    digestMail({
      digest: digestSchema.parse(stored.digest),
      about: await aboutOf(ctx, stored),
      to: recipient,
      unsubscribe: {
        // After the #: it reaches no server log on its way.
        page: `${means.appUrl}/unsubscribe#${token}`,
        oneClick: `${means.appUrl}/api/unsubscribe?token=${token}`,
      },
      messageId: `${id}@${new URL(means.appUrl).hostname}`,
    }),
  )
  return { state: 'sent' }
}

const posted = async (ctx: DeliverContext, message: Message, stored: StoredDigest): Promise<Ended> => {
  const { means } = ctx
  const webhook = await webhookOf(ctx.db, ctx.organisationId, message.program)
  if (webhook === null) return { state: 'dropped' }
  const target = openTarget(means.sealer, webhook)
  const digest = digestSchema.parse(stored.digest)
  const body = webhookBody(webhook.format, digest, await aboutOf(ctx, stored), stored.createdAt)
  const answer = await postSigned(
    means.guard,
    target,
    { id: message.id, at: ctx.now(), body },
    means.webhookMs,
  )
  if (isTaken(answer)) return { state: 'sent' }
  const said = answer.status === null ? answer.text : `Its answer was ${answer.status}. ${answer.text}`
  // Standard Webhooks: who answers so wants no more.
  return answer.status === 410 ? { state: 'failed', error: said } : again(ctx, message, said)
}

export const aboutOf = async (
  { db, organisationId, means }: Pick<DeliverContext, 'db' | 'organisationId' | 'means'>,
  { program, currency }: Pick<StoredDigest, 'program' | 'currency'>,
): Promise<About> => ({
  programName: programBySlug(program)?.name ?? program,
  organisation: (await organisation(db, organisationId))?.name ?? '',
  currency,
  appUrl: means.appUrl,
})

/** Who is told of a program: the webhook, addresses that unsubscribed, and the links by which they do. */
import type { BodyOf } from '#app/contracts/contract.ts'
import type { Reply, Table } from '#app/contracts/table.ts'
import { refuse } from '#app/http/api-route.ts'
import { noticeNoLaterThan } from '#db/directory/due-notices.ts'
import { deleteWebhook, putWebhook, subscribeAgain, unsubscribe, webhookOf } from '#db/notices/recipients.ts'
import { audit } from '#db/people/audit.ts'
import type { Principal } from '#lib/auth/actions.ts'
import { aboutOf } from '#lib/notify/deliver.ts'
import { readUnsubscribeToken } from '#lib/notify/unsubscribe-link.ts'
import { isTaken, newWebhookSecret, openTarget, postSigned, sealTarget } from '#lib/notify/webhook.ts'
import { testBody } from '#lib/notify/webhook-body.ts'
import type { Program } from '#lib/programs/registry.ts'
import { currencyOf } from './clients.ts'
import { server } from './process.ts'
import { means } from './worker.ts'

/** Throws `address-refused`. */
export async function setWebhook(
  { organisationId, actor }: Principal,
  { slug }: Program,
  { url, format }: BodyOf<Table['PUT /api/programs/{program}/webhook']>,
): Promise<Reply<'PUT /api/programs/{program}/webhook'>> {
  const { db, guard, sealer } = server()
  const { host } = guard.check(url)
  const secret = newWebhookSecret()
  const sealed = sealTarget(sealer, organisationId, slug, { url, secret })
  await db.transaction(async (tx) => {
    await putWebhook(tx, organisationId, { program: slug, format, host, setBy: actor, ...sealed })
    await noticeNoLaterThan(tx, organisationId, new Date())
    const detail = { host, format }
    await audit(tx, organisationId, { actor, action: 'set-webhook', subject: slug, detail })
  })
  return { secret }
}

export async function removeWebhook({ organisationId, actor }: Principal, { slug }: Program): Promise<void> {
  await server().db.transaction(async (tx) => {
    if (await deleteWebhook(tx, organisationId, slug))
      await audit(tx, organisationId, { actor, action: 'remove-webhook', subject: slug })
  })
}

/** Throws `not-found` where there is none, `secret-unreadable`. */
export async function testWebhook(
  { organisationId }: Principal,
  { slug }: Program,
): Promise<Reply<'POST /api/programs/{program}/webhook/test'>> {
  const { db, guard, sealer } = server()
  const webhook = await webhookOf(db, organisationId, slug)
  if (webhook === null) throw refuse('not-found', 'The program has no webhook.')
  const currency = await currencyOf(organisationId)
  const about = await aboutOf({ db, organisationId, means: means() }, { program: slug, currency })
  const at = new Date()
  const message = { id: `test-${crypto.randomUUID()}`, at, body: testBody(webhook.format, about, at) }
  const answer = await postSigned(guard, openTarget(sealer, webhook), message)
  return { isTaken: isTaken(answer), ...answer }
}

/** Throws `not-found` where the address had not unsubscribed. */
export async function subscribe(
  { organisationId, actor }: Principal,
  { slug }: Program,
  { address }: BodyOf<Table['POST /api/programs/{program}/notifications/subscriptions']>,
): Promise<void> {
  await server().db.transaction(async (tx) => {
    if (!(await subscribeAgain(tx, organisationId, slug, address)))
      throw refuse('not-found', 'The address has not unsubscribed.')
    await audit(tx, organisationId, { actor, action: 'subscribe-again', subject: slug, detail: { address } })
  })
}

/** Throws `link-invalid`. */
export async function unsubscribeBy(token: string): Promise<void> {
  const { db, env } = server()
  const read = readUnsubscribeToken(env.sessionSecret, token)
  if (read === null) throw refuse('link-invalid', 'The link is not one of ours, or a part of it is missing.')
  const { organisationId, program, address } = read
  await db.transaction(async (tx) => {
    if (await unsubscribe(tx, organisationId, program, address))
      await audit(tx, organisationId, { actor: address, action: 'unsubscribe', subject: program })
  })
}

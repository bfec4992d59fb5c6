import type { ShownNotifications } from '#app/api/schemas/notifications.ts'
import { server } from '#app/process/process.ts'
import { lastMessages, type Message } from '#db/notices/outbox.ts'
import { unsubscribedAddresses, webhookOf } from '#db/notices/recipients.ts'
import { programSettings } from '#db/prism/programs.ts'

/** Who is told of a program, and what came of their last digests. */
export async function shownNotifications(
  organisationId: string,
  program: string,
): Promise<ShownNotifications> {
  const { db, mailer } = server()
  const settings = await programSettings(db, organisationId, program)
  const emails = settings?.emails ?? []
  const [without, webhook, mailed, posted] = await Promise.all([
    unsubscribedAddresses(db, organisationId, program),
    webhookOf(db, organisationId, program),
    lastMessages(db, organisationId, program, 'mail', emails),
    lastMessages(db, organisationId, program, 'webhook', ['']),
  ])
  const lastTo = (address: string) =>
    shownMessage(mailed.find(({ recipient }) => recipient.toLowerCase() === address.toLowerCase()))
  return {
    mail: {
      isSetUp: mailer !== null,
      addresses: emails.map((address) => ({
        address,
        unsubscribedAt: without.get(address.toLowerCase())?.toISOString() ?? null,
        last: lastTo(address),
      })),
    },
    webhook:
      webhook === null
        ? null
        : {
            host: webhook.host,
            format: webhook.format,
            setBy: webhook.setBy,
            setAt: webhook.setAt.toISOString(),
            last: shownMessage(posted[0]),
          },
  }
}

const shownMessage = (message: Message | undefined) =>
  message === undefined
    ? null
    : {
        state: message.state,
        createdAt: message.createdAt.toISOString(),
        attempts: message.attempts,
        lastError: message.lastError,
        dueAt: message.state === 'queued' ? message.dueAt.toISOString() : null,
      }

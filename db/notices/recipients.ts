/** Who is told: addresses that do not want it, and the webhook. */
import { and, eq, ne } from 'drizzle-orm'
import type { Database } from '../client.ts'
import { unsubscribed, webhooks } from './tables.ts'

export type Webhook = typeof webhooks.$inferSelect

const lower = (address: string): string => address.toLowerCase()

const isOfProgram = (table: typeof unsubscribed | typeof webhooks, organisationId: string, program: string) =>
  and(eq(table.organisationId, organisationId), eq(table.program, program))

/** Addresses that want no mail of a program, in lower case, with the moment since when. */
export const unsubscribedAddresses = async (
  db: Database,
  organisationId: string,
  program: string,
): Promise<Map<string, Date>> => {
  const rows = await db
    .select()
    .from(unsubscribed)
    .where(isOfProgram(unsubscribed, organisationId, program))
  return new Map(rows.map(({ address, since }) => [address, since]))
}

/** Whether it had not been before. */
export const unsubscribe = async (
  db: Database,
  organisationId: string,
  program: string,
  address: string,
): Promise<boolean> => {
  const rows = await db
    .insert(unsubscribed)
    .values({ organisationId, program, address: lower(address) })
    .onConflictDoNothing()
    .returning({ address: unsubscribed.address })
  return rows.length > 0
}

/** Whether it had been unsubscribed. */
export const subscribeAgain = async (
  db: Database,
  organisationId: string,
  program: string,
  address: string,
): Promise<boolean> => {
  const rows = await db
    .delete(unsubscribed)
    .where(and(isOfProgram(unsubscribed, organisationId, program), eq(unsubscribed.address, lower(address))))
    .returning({ address: unsubscribed.address })
  return rows.length > 0
}

export const webhookOf = async (
  db: Database,
  organisationId: string,
  program: string,
): Promise<Webhook | null> =>
  (
    await db
      .select()
      .from(webhooks)
      .where(isOfProgram(webhooks, organisationId, program))
  )[0] ?? null

export const putWebhook = async (
  db: Database,
  organisationId: string,
  webhook: Omit<Webhook, 'organisationId' | 'setAt'>,
): Promise<void> => {
  const row = { ...webhook, organisationId, setAt: new Date() }
  await db
    .insert(webhooks)
    .values(row)
    .onConflictDoUpdate({ target: [webhooks.organisationId, webhooks.program], set: row })
}

/** What the sealed part of a webhook belongs to, beside its organisation. */
export const webhookKind = (program: string): string => `webhook ${program}`

/** Every organisation's webhooks that are not sealed with the key; for the operator's command alone. */
export const webhooksSealedWithOther = async (
  db: Database,
  sealKeyId: string,
): Promise<Pick<Webhook, 'organisationId' | 'program' | 'sealed'>[]> =>
  db
    .select({
      organisationId: webhooks.organisationId,
      program: webhooks.program,
      sealed: webhooks.sealed,
    })
    .from(webhooks)
    .where(ne(webhooks.sealKeyId, sealKeyId))

/** Replaces the sealed part of a webhook where it still is `before`. */
export const replaceSealedWebhook = async (
  db: Database,
  organisationId: string,
  program: string,
  { before, ...values }: Pick<Webhook, 'sealed' | 'sealKeyId'> & { readonly before: string },
): Promise<boolean> => {
  const rows = await db
    .update(webhooks)
    .set(values)
    .where(and(isOfProgram(webhooks, organisationId, program), eq(webhooks.sealed, before)))
    .returning({ program: webhooks.program })
  return rows.length > 0
}

/** Whether there was one. */
export const deleteWebhook = async (
  db: Database,
  organisationId: string,
  program: string,
): Promise<boolean> => {
  const rows = await db
    .delete(webhooks)
    .where(isOfProgram(webhooks, organisationId, program))
    .returning({ program: webhooks.program })
  return rows.length > 0
}

/** Links by which an address unsubscribes without signing in: signed, so that nobody can do it for others; they do not end. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import type { Secret } from '#lib/base/secrets.ts'

const subscriptionSchema = z.tuple([z.uuid(), z.string().max(100), z.string().max(320)])

export interface Subscription {
  readonly organisationId: string
  readonly program: string
  readonly address: string
}

/** What is signed here is good for nothing else that the same secret signs. */
const purpose = 'unsubscribe\n'

export const unsubscribeToken = (
  secret: Secret,
  { organisationId, program, address }: Subscription,
): string => {
  const payload = Buffer.from(JSON.stringify([organisationId, program, address])).toString('base64url')
  return `${payload}.${signature(secret, payload).toString('base64url')}`
}

/** `null` where it was not signed with this secret. */
export const readUnsubscribeToken = (secret: Secret, token: string): Subscription | null => {
  const [payload = '', given = '', ...more] = token.split('.')
  const sent = Buffer.from(given, 'base64url')
  const right = signature(secret, payload)
  if (more.length > 0 || sent.length !== right.length || !timingSafeEqual(sent, right)) return null
  const read = subscriptionSchema.safeParse(jsonOf(Buffer.from(payload, 'base64url').toString()))
  if (!read.success) return null
  const [organisationId, program, address] = read.data
  return { organisationId, program, address }
}

const signature = (secret: Secret, payload: string): Buffer =>
  createHmac('sha256', secret.reveal()).update(`${purpose}${payload}`).digest()

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

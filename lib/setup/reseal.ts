/** Sealing all stored secrets with the present key, after ENCRYPTION_KEY got a new one in front. */
import type { Database } from '#db/client.ts'
import { allSealedWithOther, replaceSealed } from '#db/connections/connections.ts'
import {
  deleteWebhook,
  replaceSealedWebhook,
  webhookKind,
  webhooksSealedWithOther,
} from '#db/notices/recipients.ts'
import { audit } from '#db/people/audit.ts'
import { user } from '#db/people/people.ts'
import {
  deleteSecondFactor,
  replaceSealedSecondFactor,
  secondFactorKind,
  secondFactorsSealedWithOther,
} from '#db/people/second-factors.ts'
import { keyIdIn, type SealedFor, type Sealer } from '#lib/base/secrets.ts'
import { disconnect } from './connect.ts'

export interface Resealed {
  readonly resealed: number
  /** What none of the keys opens: `<organisation> <kind>`. */
  readonly unreadable: readonly string[]
}

interface Stored {
  readonly owner: SealedFor
  readonly sealed: string
  /** Whether it still was what it had been. */
  readonly replace: (values: { before: string; sealed: string; sealKeyId: string }) => Promise<boolean>
  /** Removes it and what is of no use without it. */
  readonly forget: (actor: string) => Promise<void>
}

/** Safe to run while the app runs, and again: a secret that a person changes meanwhile is left as it is. */
export async function resealAll(db: Database, sealer: Sealer): Promise<Resealed> {
  const unreadable: string[] = []
  let resealed = 0
  for (const { owner, sealed, replace } of await storedSecrets(db, sealer)) {
    try {
      const fresh = sealer.seal(sealer.open(sealed, owner), owner)
      if (await replace({ before: sealed, sealed: fresh, sealKeyId: sealer.keyId })) resealed += 1
    } catch {
      unreadable.push(`${owner.organisationId} ${owner.kind}`)
    }
  }
  return { resealed, unreadable }
}

/** Secrets that none of the keys opens, by the key that sealed them. */
export async function sealedWithOtherKeys(
  db: Database,
  sealer: Sealer,
): Promise<readonly { readonly keyId: string; readonly secrets: number }[]> {
  const counts = new Map<string, number>()
  for (const { sealed } of await storedSecrets(db, sealer)) {
    const keyId = keyIdIn(sealed)
    if (keyId !== null && !sealer.keyIds.has(keyId)) counts.set(keyId, (counts.get(keyId) ?? 0) + 1)
  }
  return [...counts].map(([keyId, secrets]) => ({ keyId, secrets }))
}

/**
 * Removes the secrets that none of the keys opens, with the connection or webhook that each belongs to, where their key is lost:
 * what they opened is entered anew. Gives what they were of, `<organisation> <kind>`; audited as done by the operator.
 */
export async function forgetUnreadable(db: Database, sealer: Sealer): Promise<readonly string[]> {
  const forgotten: string[] = []
  for (const { owner, sealed, forget } of await storedSecrets(db, sealer)) {
    if (canOpen(sealer, sealed, owner)) continue
    await forget('the operator, by npm run reseal')
    forgotten.push(`${owner.organisationId} ${owner.kind}`)
  }
  return forgotten
}

function canOpen(sealer: Sealer, sealed: string, owner: SealedFor): boolean {
  try {
    sealer.open(sealed, owner)
    return true
  } catch {
    return false
  }
}

const forgetWebhook = (
  { db, organisationId, actor }: { db: Database; organisationId: string; actor: string },
  program: string,
): Promise<void> =>
  db.transaction(async (tx) => {
    await deleteWebhook(tx, organisationId, program)
    await audit(tx, organisationId, { actor, action: 'remove-webhook', subject: program })
  })

const forgetFactor = (
  { db, organisationId, actor }: { db: Database; organisationId: string; actor: string },
  userId: string,
): Promise<void> =>
  db.transaction(async (tx) => {
    const person = await user(tx, organisationId, userId)
    await deleteSecondFactor(tx, organisationId, userId)
    await audit(tx, organisationId, {
      actor,
      action: 'reset-second-factor',
      subject: person?.email ?? userId,
    })
  })

const storedSecrets = async (db: Database, { keyId }: Sealer): Promise<Stored[]> => {
  const connections = await allSealedWithOther(db, keyId)
  const webhooks = await webhooksSealedWithOther(db, keyId)
  const factors = await secondFactorsSealedWithOther(db, keyId)
  return [
    ...connections.map(
      ({ organisationId, kind, sealed }): Stored => ({
        owner: { organisationId, kind },
        sealed,
        replace: (values) => replaceSealed(db, organisationId, kind, values),
        forget: (actor) => disconnect({ ctx: { db, organisationId, actor }, input: { kind } }),
      }),
    ),
    ...webhooks.map(
      ({ organisationId, program, sealed }): Stored => ({
        owner: { organisationId, kind: webhookKind(program) },
        sealed,
        replace: (values) => replaceSealedWebhook(db, organisationId, program, values),
        forget: (actor) => forgetWebhook({ db, organisationId, actor }, program),
      }),
    ),
    ...factors.map(
      ({ organisationId, userId, sealed }): Stored => ({
        owner: { organisationId, kind: secondFactorKind(userId) },
        sealed,
        replace: (values) => replaceSealedSecondFactor(db, organisationId, userId, values),
        forget: (actor) => forgetFactor({ db, organisationId, actor }, userId),
      }),
    ),
  ]
}

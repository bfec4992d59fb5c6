/** Sealing all stored secrets with the present key, after ENCRYPTION_KEY got a new one in front. */
import type { Database } from '#db/client.ts'
import { allSealedWithOther, replaceSealed } from '#db/connections/connections.ts'
import { replaceSealedWebhook, webhookKind, webhooksSealedWithOther } from '#db/notices/recipients.ts'
import type { SealedFor, Sealer } from '#lib/base/secrets.ts'

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

const storedSecrets = async (db: Database, { keyId }: Sealer): Promise<Stored[]> => {
  const connections = await allSealedWithOther(db, keyId)
  const webhooks = await webhooksSealedWithOther(db, keyId)
  return [
    ...connections.map(
      ({ organisationId, kind, sealed }): Stored => ({
        owner: { organisationId, kind },
        sealed,
        replace: (values) => replaceSealed(db, organisationId, kind, values),
      }),
    ),
    ...webhooks.map(
      ({ organisationId, program, sealed }): Stored => ({
        owner: { organisationId, kind: webhookKind(program) },
        sealed,
        replace: (values) => replaceSealedWebhook(db, organisationId, program, values),
      }),
    ),
  ]
}

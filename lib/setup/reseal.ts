/** Sealing all stored secrets with the present key, after ENCRYPTION_KEY got a new one in front. */
import type { Database } from '#db/client.ts'
import { allSealedWithOther, replaceSealed } from '#db/connections/connections.ts'
import type { Sealer } from '#lib/base/secrets.ts'

export interface Resealed {
  readonly resealed: number
  /** Connections that none of the keys opens: `<organisation> <kind>`. */
  readonly unreadable: readonly string[]
}

/** Safe to run while the app runs, and again: a secret that a person changes meanwhile is left as it is. */
export async function resealAll(db: Database, sealer: Sealer): Promise<Resealed> {
  const unreadable: string[] = []
  let resealed = 0
  for (const { organisationId, kind, sealed } of await allSealedWithOther(db, sealer.keyId)) {
    const owner = { organisationId, kind }
    try {
      const fresh = sealer.seal(sealer.open(sealed, owner), owner)
      const values = { before: sealed, sealed: fresh, sealKeyId: sealer.keyId }
      if (await replaceSealed(db, organisationId, kind, values)) resealed += 1
    } catch {
      unreadable.push(`${organisationId} ${kind}`)
    }
  }
  return { resealed, unreadable }
}

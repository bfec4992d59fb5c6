/** A connection's card says what really happens with it (B4): what its syncs meet, not only what a test met. */
import type { Database } from '#db/client.ts'
import { type ConnectionKind, noteConnectionUse } from '#db/connections/connections.ts'
import { errorKinds, ProductError } from '#lib/base/errors.ts'
import { inWords } from './connection-trouble.ts'

interface UseContext {
  readonly db: Database
  readonly organisationId: string
}

/**
 * Notes what a use of the connection met: an error of the connection as a whole, or `null` where it was answered.
 * @param input.usedFrom when it was opened: newer credentials are not blamed
 */
export const noteUse = ({
  ctx: { db, organisationId },
  input: { kind, error, usedFrom },
}: {
  ctx: UseContext
  input: { readonly kind: ConnectionKind; readonly error: unknown; readonly usedFrom: Date }
}): Promise<void> =>
  noteConnectionUse(db, organisationId, kind, { error: error === null ? null : wordsOf(error), usedFrom })

/** Opens a connection for a sync; that what is stored of it does not open is noted, and thrown on. */
export async function openedOrNoted<T>({
  ctx,
  input: { kind, open },
}: {
  ctx: UseContext
  input: { readonly kind: ConnectionKind; readonly open: () => Promise<T> }
}): Promise<T> {
  const usedFrom = new Date()
  try {
    return await open()
  } catch (error) {
    if (error instanceof ProductError) await noteUse({ ctx, input: { kind, error, usedFrom } })
    throw error
  }
}

/** What is mended by entering something again says so. */
const mendedHere: readonly string[] = ['secret-unreadable', 'connection-unreadable']

function wordsOf(error: unknown): string {
  const trouble = inWords(error)
  if (!(trouble instanceof ProductError)) return errorKinds.unexpected.meaning
  const { code, detail } = trouble
  return mendedHere.includes(code) ? `${detail} ${errorKinds[code].remedy}` : detail
}

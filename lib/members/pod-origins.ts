import { z } from 'zod'
import type { Database } from '#db/client.ts'
import { connection } from '#db/connections/connections.ts'
import { organisationByPublicId } from '#db/directory/organisations.ts'
import { screenOrigins } from './frame-hosts.ts'
import { isPublicId } from './public-id.ts'

const withSite = z.object({ site: z.string() })

/** Exact origins of the ConnectWise screens of a pod address's organisation; ConnectWise's cloud where it is not known. */
export async function podOrigins(db: Database, publicId: string | null): Promise<readonly string[]> {
  const found = publicId !== null && isPublicId(publicId) ? await organisationByPublicId(db, publicId) : null
  const stored = found === null ? null : await connection(db, found.id, 'connectwise')
  return screenOrigins(stored === null ? null : withSite.parse(stored.settings).site)
}

/** All of an organisation as a file to download (I2). */
import { ReadableStream } from 'node:stream/web'
import { refuse } from '#app/http/api-route.ts'
import { csvLine } from '#app/http/csv.ts'
import { organisation } from '#db/directory/organisations.ts'
import { openExport } from '#db/keeping/exports.ts'
import { audit } from '#db/people/audit.ts'
import type { Principal } from '#lib/auth/actions.ts'
import { exportOf } from '#lib/keeping/export.ts'
import { server } from './process.ts'

/** Throws `conflict` where one is under way. */
export async function exportOwnOrganisation({ organisationId, actor }: Principal): Promise<Response> {
  const { db } = server()
  const found = await organisation(db, organisationId)
  if (found === null) throw refuse('not-found', 'There is no such organisation.')
  const from = await openExport(db, organisationId)
  try {
    await audit(db, organisationId, { actor, action: 'export-organisation', subject: 'organisation' })
  } catch (error) {
    from.close()
    throw error
  }
  const { name, publicId } = found
  const at = new Date()
  const parts = exportOf({ from, input: { organisation: { name, publicId }, at, csvLine } })
  // Begun, so that it is ended, too, where nobody reads the answer.
  const first = await parts.next()
  const day = at.toISOString().slice(0, 10)
  // Node's class is the platform's, but TypeScript has a type for each.
  return new Response(ReadableStream.from(after(first, parts)) as unknown as BodyInit, {
    headers: {
      'content-type': 'application/gzip',
      'content-disposition': `attachment; filename="prism-pod-organisation-${day}.tar.gz"`,
      'cache-control': 'no-store',
    },
  })
}

/** The same, of which the first part was taken. */
function after<T>(first: IteratorResult<T, void>, rest: AsyncGenerator<T, void>): AsyncIterable<T> {
  let isFirst = true
  return {
    [Symbol.asyncIterator]: () => ({
      next: () => {
        if (!isFirst) return rest.next()
        isFirst = false
        return Promise.resolve(first)
      },
      return: () => rest.return(),
    }),
  }
}

import { problemReply } from '#app/http/problem.ts'
import { problemOf } from '#lib/base/errors.ts'

/** Every address below /api that no other route file answers. */
const notFound = (_request: Request): Response =>
  problemReply(problemOf('not-found', 'The API has no such address.'))

export {
  notFound as DELETE,
  notFound as GET,
  notFound as HEAD,
  notFound as OPTIONS,
  notFound as PATCH,
  notFound as POST,
  notFound as PUT,
}

import { refuse, route } from '#app/http/api-route.ts'

/** Every address below /api that no other route file answers. */
const notFound = route(() => Promise.reject(refuse('not-found', 'The API has no such address.')))

export {
  notFound as DELETE,
  notFound as GET,
  notFound as HEAD,
  notFound as OPTIONS,
  notFound as PATCH,
  notFound as POST,
  notFound as PUT,
}

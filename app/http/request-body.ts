/** The body of a request, read no further than it may be long. */
import { ProductError } from '#lib/base/errors.ts'
import { longestBody, tooLarge } from '#lib/base/longest-body.ts'
import { RequestRefused } from './problem.ts'

/**
 * The request's JSON; an empty body is an empty object. Throws `body-not-json` for another type of body, `body-too-large`, which
 * is known before anything is read where the request says its length, and `request-invalid` for what is no JSON.
 */
export async function jsonOf(request: Request): Promise<unknown> {
  const { pathname } = new URL(request.url)
  if (Number(request.headers.get('content-length') ?? 0) > longestBody(pathname)) throw refused(pathname)
  const type = request.headers.get('content-type')
  if (type !== null && !/^application\/json\s*(;|$)/i.test(type.trim()))
    throw notJson('The request says that its body is something else')
  const bytes = await bytesOf(request, pathname)
  if (bytes.length === 0) return {}
  // A server gives a request without a body an empty one, so that only now it is known whether there is any.
  if (type === null) throw notJson('The request does not say what its body is')
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new RequestRefused([{ field: 'body', message: 'The body is not JSON in UTF-8.' }])
  }
}

/** Another site's form can send text, but nothing that says it is JSON without our server being asked first. */
const notJson = (said: string): ProductError =>
  new ProductError('body-not-json', `${said}; only JSON is read.`)

async function bytesOf(request: Request, path: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of request.body ?? []) {
    length += chunk.length
    if (length > longestBody(path)) throw refused(path)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

const refused = (path: string): ProductError => new ProductError('body-too-large', tooLarge(path))

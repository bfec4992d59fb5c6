/** The library's requests sent by the guard, so that they have its limits; axios' own sending is not used. */
import { ProductError } from '#lib/base/errors.ts'
import type { Guard } from '#lib/base/guarded-fetch.ts'
import { understoodEncodings } from '#lib/base/limited-answer.ts'
import type { Limits } from '#lib/base/limits.ts'
import type { LibraryInstance, LibraryRequest, LibraryResponse } from './library-http.ts'

/** Why a request has no answer that can be used. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered'
  readonly config: LibraryRequest
  /** The answer, where there was a whole one. */
  readonly response: LibraryResponse | undefined

  constructor(request: LibraryRequest, response: LibraryResponse | undefined, options?: ErrorOptions) {
    super('The request has no answer that can be used.', options)
    this.config = request
    this.response = response
  }
}

/** Rejects with `Unanswered` where the answer is not 2xx or not whole, and as the guard does where it refuses the address. */
export async function send(
  instance: LibraryInstance,
  guard: Guard,
  request: LibraryRequest,
  limits: Limits,
): Promise<LibraryResponse> {
  const started = performance.now()
  try {
    const response = await guard.fetch(instance.getUri(request), {
      method: (request.method ?? 'get').toUpperCase(),
      headers: { ...headersOf(request), 'accept-encoding': understoodEncodings },
      ...(typeof request.data === 'string' ? { body: request.data } : {}),
      limits,
    })
    const answer: LibraryResponse = {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      data: await response.text(),
      config: request,
    }
    if (response.ok) return answer
    throw new Unanswered(request, answer)
  } catch (error) {
    if (error instanceof ProductError || error instanceof Unanswered) throw error
    throw new Unanswered(request, undefined, { cause: error })
  } finally {
    request.spentMs = (request.spentMs ?? 0) + performance.now() - started
  }
}

function headersOf({ headers }: LibraryRequest): Record<string, string> {
  const set = Object.entries(headers.toJSON()).filter(([, value]) => value !== undefined && value !== null)
  return Object.fromEntries(set.map(([name, value]) => [name, String(value)]))
}

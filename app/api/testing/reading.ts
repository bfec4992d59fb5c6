/** Reading what routes answer, strictly, and noting which routes were read. */
import { expect } from 'vitest'
import type { z } from 'zod'
import { problemSchema } from '../schemas/problem.ts'
import type { CallApi } from './api-world.ts'

const read = new Set<string>()

export const noteRead = (path: string): void => {
  read.add(path)
}

/** Calls a route and reads its answer by its schema; unknown and missing fields fail. */
export async function readAnswer<S extends z.ZodType>(
  api: CallApi,
  schema: S,
  method: string,
  path: string,
  body?: unknown,
): Promise<z.output<S>> {
  const answer = await api(method, path, { body })
  const value: unknown = await answer.json()
  expect(answer.ok, `${method} ${path}: ${JSON.stringify(value)}`).toBe(true)
  noteRead(path)
  const result = schema.parse(value)
  // Nothing more is answered than the schema says: what is not written down leaks or breaks unseen.
  expect(result).toEqual(value)
  return result
}

/** Calls a route that answers with nothing. */
export async function done(api: CallApi, method: string, path: string, body?: unknown): Promise<void> {
  const answer = await api(method, path, { body })
  expect(answer.status, `${method} ${path}: ${await answer.text()}`).toBe(204)
  noteRead(path)
}

export async function refusal(answer: Promise<Response>) {
  const response = await answer
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  const problem = problemSchema.parse(await response.json())
  expect(problem.status).toBe(response.status)
  return problem
}

/** Routes about people and sessions, which have a test file of their own. */
export const isAccountRoute = (file: string): boolean =>
  /^(session\/(?!prism)|people|tokens|organisations$)/.test(file)

/** Routes of the preflight and of products, whose tests begin with another ConnectWise than the demo's. */
export const isPreparingRoute = (file: string): boolean =>
  file.startsWith('preflight') || /^programs\/\[program\]\/(customers\/\[tenantId\]\/)?products/.test(file)

/** Routes that take what people answer, whose tests need something that waits. */
export const isAnsweringRoute = (file: string): boolean =>
  /\/(answers?|billed\/\[through\]|unskip|confirm)$/.test(file)

/** Routes that go through PRISM's sign-in, which a browser's test plays. */
export const isPrismRoute = (file: string): boolean =>
  ['session/prism', 'session/prism/callback', 'connections/prism/generate'].includes(file)

/** Which of the route files no answer was read of. */
export const routesNotRead = (files: readonly string[]): string[] =>
  files.filter((file) => {
    const pattern = new RegExp(`^/api/${file.replaceAll(/\[[^\]]+\]/g, '[^/]+')}(\\?.*)?$`)
    return ![...read].some((path) => pattern.test(path))
  })

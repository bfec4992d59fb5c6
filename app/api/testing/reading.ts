/** Reading what routes answer. */
import { expect } from 'vitest'
import type { z } from 'zod'
import { problemSchema } from '../schemas/problem.ts'
import type { CallApi } from './api-world.ts'

/** Calls a route and reads its good answer by its schema; `call` has seen that it is all that the contract says, and no more. */
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
  return schema.parse(value)
}

/** Calls a route that answers with nothing. */
export async function done(api: CallApi, method: string, path: string, body?: unknown): Promise<void> {
  const answer = await api(method, path, { body })
  expect(answer.status, `${method} ${path}: ${await answer.text()}`).toBe(204)
}

export async function refusal(answer: Promise<Response>) {
  const response = await answer
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  const problem = problemSchema.parse(await response.json())
  expect(problem.status).toBe(response.status)
  return problem
}

/** Routes about people and sessions, which have a test file of their own. */
/** Of a second factor, which has tests of its own. */
export const isFactorRoute = (file: string): boolean => file.includes('second-factor')

export const isAccountRoute = (file: string): boolean =>
  /^(session\/(?!prism)|people|tokens|organisations$)/.test(file) && !isFactorRoute(file)

/** Routes of the preflight and of products, whose tests begin with another ConnectWise than the demo's. */
export const isPreparingRoute = (file: string): boolean =>
  file.startsWith('preflight') || /^programs\/\[program\]\/(customers\/\[tenantId\]\/)?products/.test(file)

/** Routes that take what people answer, whose tests need something that waits; one answer for many has its own. */
export const isAnsweringRoute = (file: string): boolean =>
  !file.endsWith('/customers/answers') &&
  /\/(answers?|billed\/\[through\]|unskip|\[id\]\/confirm)$/.test(file)

/** Routes of who is told, whose tests have a mail server and a webhook. */
export const isTellingRoute = (file: string): boolean =>
  /^unsubscribe$|\/(notifications|webhook)(\/|$)/.test(file)

/** Routes that go through PRISM's sign-in, which a browser's test plays. */
export const isPrismRoute = (file: string): boolean =>
  ['session/prism', 'session/prism/callback', 'connections/prism/generate'].includes(file)

/** Which row of the contracts a request belongs to, and whether an answer is what the row promises. */
import { expect } from 'vitest'
import { z } from 'zod'
import type { Contract } from '../../contracts/contract.ts'
import { contracts, type Table } from '../../contracts/table.ts'
import { problemSchema } from '../schemas/problem.ts'

export const rows = Object.entries(contracts) as [keyof Table, Contract][]

/** `GET` and the route file `runs/[id]` -> `GET /api/runs/{id}`. */
export const endpointOf = (method: string, file: string): string =>
  `${method} /api/${file.replaceAll(/\[(\w+)\]/g, '{$1}')}`

/** `GET /api/runs/{id}` -> the route file `runs/[id]`. */
export const fileOf = (endpoint: string): string =>
  endpoint.replace(/^\w+ \/api\//, '').replaceAll(/\{(\w+)\}/g, '[$1]')

/** The rows of a route file. */
export const rowsOf = (file: string): Contract[] =>
  rows.filter(([endpoint]) => fileOf(endpoint) === file).map(([, contract]) => contract)

/** Endpoints that have answered as their contract says, in this test file. */
const answered = new Set<string>()

/** Which of the endpoints of these route files nobody had a good answer of. */
export const notAnswered = (files: readonly string[]): string[] =>
  rows
    .map(([endpoint]) => endpoint)
    .filter((endpoint) => files.includes(fileOf(endpoint)) && !answered.has(endpoint))

/**
 * Fails where an answer is not what the contract says, also where it says more: what is not written down leaks or breaks
 * unseen.
 */
export async function expectFits(method: string, file: string, answer: Response): Promise<void> {
  const endpoint = endpointOf(method, file)
  const contract = rows.find(([its]) => its === endpoint)?.[1]
  if (contract === undefined) throw new Error(`${endpoint} is in no contract`)
  const type = answer.headers.get('content-type')
  if (answer.status >= 400) return expectJson(endpoint, problemSchema, answer)
  const { reply } = contract
  if (reply === 'redirect') expect(answer.status, endpoint).toBe(303)
  else if (reply === 'nothing') expect([answer.status, answer.body], endpoint).toEqual([204, null])
  else {
    expect(answer.status, endpoint).toBe(contract.status ?? 200)
    if (reply === 'text') expect(type, endpoint).toMatch(/^text\/plain;/)
    else if (reply === 'archive') expect(type, endpoint).toBe('application/gzip')
    else if (reply === 'csv') expect(type, endpoint).toMatch(/^(text\/csv; charset=utf-8|application\/json)$/)
    else await expectJson(endpoint, reply, answer)
  }
  answered.add(endpoint)
}

async function expectJson(endpoint: string, schema: z.ZodType, answer: Response): Promise<void> {
  const value: unknown = await answer.clone().json()
  const read = schema.safeParse(value)
  expect(read.error === undefined ? '' : `${endpoint}: ${z.prettifyError(read.error)}`).toBe('')
  expect(read.data, `${endpoint} answers more than its contract says`).toEqual(value)
}

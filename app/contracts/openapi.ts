/** The API's document (OpenAPI 3.1), made of the table of contracts: what it says is what the routes do. */
import type { z } from 'zod'
import { problemSchema } from '#app/api/schemas/problem.ts'
import { type Action, mayDo, memberRoles, personRoles, type Role } from '#lib/auth/actions.ts'
import { POD_COOKIE, userCookieName } from '#lib/auth/cookies.ts'
import { type ErrorCode, errorCodes, errorKinds, problemOf } from '#lib/base/errors.ts'
import { version } from '#lib/base/version.ts'
import type { Contract } from './contract.ts'
import { type Json, jsonSchemaOf, schemaIn } from './json-schemas.ts'
import { about, subjects } from './table.ts'

export interface OpenApiDocument extends Json {
  readonly openapi: '3.1.1'
}

/** @param appUrl where this deployment is; no slash at its end */
export function openApiDocument(appUrl: string): OpenApiDocument {
  const schemas: Record<string, unknown> = {}
  const paths: Record<string, Record<string, Json>> = {}
  for (const [tag, rows] of Object.entries(subjects))
    for (const [endpoint, contract] of Object.entries(rows) as [string, Contract][]) {
      const [method = '', path = ''] = endpoint.split(' ')
      paths[path] = { ...paths[path], [method.toLowerCase()]: operation(tag, contract, schemas) }
    }
  const problem = schemaIn(schemas, problemSchema, 'output')
  return {
    openapi: '3.1.1',
    info: { title: 'Prism Pod', version, description: ABOUT },
    servers: [{ url: appUrl }],
    tags: Object.keys(subjects).map((name) => ({ name, description: about[name as keyof typeof about] })),
    paths,
    components: {
      schemas,
      responses: {
        ...Object.fromEntries(statuses.map((status) => [`${status}`, refusal(status, problem)])),
        other: { description: 'Any other refusal has the same form.', content: problemContent(problem) },
      },
      securitySchemes: securitySchemes(appUrl.startsWith('https://')),
    },
  }
}

const ABOUT =
  'What the pages of Prism Pod use themselves. Errors are problem details (RFC 9457) with a stable `code`; the texts may change. Decimals are texts, days are `2026-11-30`, months `2026-11`.'

function operation(tag: string, contract: Contract, schemas: Record<string, unknown>): Json {
  const { id, does, access, onScreen, path = {}, query, body } = contract
  const parameters = [
    ...Object.entries(path).map(([name, schema]) => ({
      name,
      in: 'path',
      required: true,
      schema: schemaIn(schemas, schema, 'input'),
    })),
    ...(query === undefined ? [] : queryParameters(query)),
  ]
  return {
    operationId: id,
    summary: does,
    tags: [tag],
    security: securityOf(contract),
    ...(isAction(access) ? { 'x-roles': rolesOf(access, onScreen) } : {}),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: requestBody(body, schemas) }),
    responses: { ...success(contract, schemas), ...refusalsOf(contract) },
  }
}

function queryParameters(query: z.ZodObject): Json[] {
  const { properties = {}, required = [] } = jsonSchemaOf(query, 'input')
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }))
}

const requestBody = (body: z.ZodObject, schemas: Record<string, unknown>): Json => ({
  required: !body.safeParse({}).success,
  content: { 'application/json': { schema: schemaIn(schemas, body, 'input') } },
})

function success({ reply, status }: Contract, schemas: Record<string, unknown>): Json {
  if (reply === 'nothing') return { 204: { description: 'Done.' } }
  if (reply === 'redirect')
    return {
      303: { description: 'Goes on elsewhere.', headers: { location: { schema: { type: 'string' } } } },
    }
  const content =
    reply === 'csv'
      ? {
          'text/csv': { schema: { type: 'string' } },
          'application/json': {
            schema: { type: 'array', items: { type: 'object', additionalProperties: { type: 'string' } } },
          },
        }
      : reply === 'text' || reply === 'archive'
        ? { [reply === 'text' ? 'text/plain' : 'application/gzip']: { schema: { type: 'string' } } }
        : { 'application/json': { schema: schemaIn(schemas, reply, 'output') } }
  return { [status ?? 200]: { description: DONE[status ?? 200], content } }
}

const DONE = { 200: 'As asked.', 201: 'Made.', 202: 'Begun; it goes on by itself.' } as const

/** Every status that a refusal can have. */
const statuses = [...new Set(errorCodes.map((code) => errorKinds[code].status))].sort((a, b) => a - b)

/** Those that the contract says; whatever else is wrong has the same form. */
function refusalsOf({ access, path, query, body }: Contract): Json {
  const expected = [
    ...(query === undefined && body === undefined ? [] : [400]),
    ...(access === 'open' ? [] : [401]),
    ...(isAction(access) ? [403] : []),
    ...(path === undefined ? [] : [404]),
    ...(body === undefined ? [] : [413, 415]),
  ]
  const response = (name: number | 'other') => ({ $ref: `#/components/responses/${name}` })
  return {
    ...Object.fromEntries(expected.map((status) => [status, response(status)])),
    default: response('other'),
  }
}

/** With an example of each code that has the status. */
function refusal(status: number, schema: Json): Json {
  const codes = errorCodes.filter((code) => errorKinds[code].status === status)
  const example = (code: ErrorCode) => ({ value: problemOf(code, 'What happened, exactly.') })
  const examples = Object.fromEntries(codes.map((code) => [code, example(code)]))
  const waits = status === 429 || status === 503
  return {
    description: codes.map((code) => errorKinds[code].meaning).join(' '),
    ...(waits ? { headers: { 'retry-after': { schema: { type: 'integer' } } } } : {}),
    content: problemContent(schema, examples),
  }
}

const problemContent = (schema: Json, examples?: Json): Json => ({
  'application/problem+json': { schema, ...(examples === undefined ? {} : { examples }) },
})

const isAction = (access: Contract['access']): access is Action =>
  !['open', 'cron-secret', 'operator-secret', 'metrics-token'].includes(access)

/** A member asks for nothing but what a screen shows. */
const rolesOf = (action: Action, onScreen: Contract['onScreen']): Role[] =>
  [...personRoles, ...(onScreen === undefined ? [] : memberRoles)].filter((role) => mayDo(role, action))

/** Any one of these; with none of them it is open. */
function securityOf({ access, onScreen }: Contract): Record<string, string[]>[] {
  if (access === 'open') return []
  if (access === 'cron-secret') return [{ cronSecret: [] }]
  if (access === 'operator-secret') return [{ operatorSecret: [] }]
  if (access === 'metrics-token') return [{ metricsToken: [] }]
  const isPage = onScreen === 'agreement-page' || onScreen === 'company-page'
  return [
    { session: [] },
    ...(mayDo('owner', access, 'api') ? [{ apiToken: [] }] : []),
    ...(isPage ? [{ podSession: [] }] : []),
    ...(onScreen === undefined ? [] : [{ podToken: [] }]),
  ]
}

const securitySchemes = (isSecure: boolean): Json => ({
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: userCookieName(isSecure),
    description: 'A person who signed in.',
  },
  apiToken: { type: 'http', scheme: 'bearer', description: 'An API token, made under Settings.' },
  podSession: {
    type: 'apiKey',
    in: 'cookie',
    name: POD_COOKIE,
    description:
      'A verified ConnectWise member, who only looks; the header x-prism-pod names the organisation.',
  },
  podToken: { type: 'http', scheme: 'bearer', description: 'A verified ConnectWise member, on one record.' },
  cronSecret: { type: 'http', scheme: 'bearer', description: 'CRON_SECRET.' },
  operatorSecret: { type: 'http', scheme: 'bearer', description: 'OPERATOR_SECRET.' },
  metricsToken: { type: 'http', scheme: 'bearer', description: 'METRICS_TOKEN.' },
})

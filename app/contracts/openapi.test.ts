import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, it } from 'vitest'
import { version } from '#lib/base/version.ts'
import { problemSchema } from '../api/schemas/problem.ts'
import { rows } from '../api/testing/contract-of.ts'
import { openApiDocument } from './openapi.ts'

interface Operation {
  readonly operationId: string
  readonly security: readonly object[]
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required: boolean }[]
  readonly requestBody?: { readonly required: boolean }
  readonly responses: Readonly<Record<string, unknown>>
}

const document = openApiDocument('https://pod.example') as unknown as {
  readonly info: { readonly version: string }
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: {
    readonly schemas: Readonly<Record<string, { readonly required?: readonly string[] }>>
    readonly responses: Readonly<
      Record<string, { readonly content: Record<string, { examples?: Record<string, { value: unknown }> }> }>
    >
  }
}

const operationOf = (endpoint: string): Operation | undefined => {
  const [method = '', path = ''] = endpoint.split(' ')
  return document.paths[path]?.[method.toLowerCase()]
}

describe('the API’s document', () => {
  it('is of the product’s version', () => {
    expect(document.info.version).toBe(version)
  })

  it('is an OpenAPI 3.1 document by the schema of those, and its references lead somewhere', async () => {
    const validator = new Validator()
    expect(await validator.validate(structuredClone(document))).toEqual({ valid: true })
    expect(validator.version).toBe('3.1')
    expect(() => validator.resolveRefs()).not.toThrow()
  })

  it('has every contract and nothing else, each under its name', () => {
    const written = Object.values(document.paths).flatMap((path) => Object.values(path))
    expect(written).toHaveLength(rows.length)
    for (const [endpoint, { id }] of rows) expect(operationOf(endpoint)?.operationId, endpoint).toBe(id)
  })

  it('says what is sent: parameters, and which of them must be', () => {
    const { parameters = [] } =
      operationOf('GET /api/programs/{program}/customers/{tenantId}/beginning') ?? {}
    expect(parameters).toMatchObject([
      { name: 'program', in: 'path', required: true },
      { name: 'tenantId', in: 'path', required: true },
      { name: 'agreementId', in: 'query', required: true },
    ])
    expect(operationOf('GET /api/runs')?.parameters).toMatchObject([
      { name: 'program', required: false },
      { name: 'kind', required: false },
      { name: 'page', required: false },
    ])
    expect(operationOf('POST /api/runs/{id}/confirm')?.requestBody?.required).toBe(false)
    expect(operationOf('POST /api/tokens')?.requestBody?.required).toBe(true)
  })

  it('takes what has a default as optional where it is sent, and promises it where it is answered', () => {
    expect(document.components.schemas['TokenInput']?.required).toEqual(['name', 'role'])
    expect(document.components.schemas['Token']?.required).toContain('expiresAt')
  })

  it('says by what one may ask: nobody needs a sign-in to sign in, and a token makes no tokens', () => {
    expect(operationOf('POST /api/session')?.security).toEqual([])
    expect(operationOf('POST /api/tokens')?.security).toEqual([{ session: [] }])
    expect(operationOf('GET /api/audit')?.security).toEqual([{ session: [] }, { apiToken: [] }])
    expect(operationOf('GET /api/cron/sync')?.security).toEqual([{ cronSecret: [] }])
    expect(operationOf('POST /api/organisations')?.security).toEqual([{ operatorSecret: [] }])
  })

  it('shows each code of an error once, as it is answered', () => {
    const examples = Object.values(document.components.responses).flatMap(({ content }) =>
      Object.entries(content['application/problem+json']?.examples ?? {}),
    )
    expect(new Set(examples.map(([code]) => code)).size).toBe(examples.length)
    expect(examples.map(([code]) => code).sort()).toEqual([...problemSchema.shape.code.options].sort())
    for (const [code, { value }] of examples) expect(problemSchema.strict().parse(value).code).toBe(code)
  })
})

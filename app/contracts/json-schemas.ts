/** The schemas of the API's document, each once and under the name that it has in the code: `Run` for `runSchema`. */
import { z } from 'zod'
import * as answers from '#app/api/schemas/answers.ts'
import * as audit from '#app/api/schemas/audit.ts'
import * as company from '#app/api/schemas/company.ts'
import * as connections from '#app/api/schemas/connections.ts'
import * as connectwise from '#app/api/schemas/connectwise.ts'
import * as customers from '#app/api/schemas/customers.ts'
import * as cutover from '#app/api/schemas/cutover.ts'
import * as invoices from '#app/api/schemas/invoices.ts'
import * as jobs from '#app/api/schemas/jobs.ts'
import * as leaving from '#app/api/schemas/leaving.ts'
import * as members from '#app/api/schemas/members.ts'
import * as people from '#app/api/schemas/people.ts'
import * as pod from '#app/api/schemas/pod.ts'
import * as preflight from '#app/api/schemas/preflight.ts'
import * as problem from '#app/api/schemas/problem.ts'
import * as products from '#app/api/schemas/products.ts'
import * as programs from '#app/api/schemas/programs.ts'
import * as runs from '#app/api/schemas/runs.ts'
import * as session from '#app/api/schemas/session.ts'
import * as stored from '#db/values.ts'
import * as billing from '#lib/billing/types.ts'
import type { Contract } from './contract.ts'
import { contracts } from './table.ts'

export type Json = Readonly<Record<string, unknown>>

/** Sent: what may be left out is optional. Answered: it is there. */
export type Side = 'input' | 'output'

interface Made {
  readonly $defs?: Readonly<Record<string, Json>>
  readonly properties?: Readonly<Record<string, Json>>
  readonly required?: readonly string[]
}

/** The JSON Schema of a schema (draft 2020-12), what has a name apart in `$defs`, itself too. */
export function jsonSchemaOf(schema: z.ZodType, side: Side): Made {
  const made = z.toJSONSchema(schema, { io: side, metadata: namesOn(side), override: simplify })
  const { $schema: _, id: __, ...rest } = made
  return rest as Made
}

/** A format says all that its pattern does, and no number of ours is larger than JavaScript's integers. */
function simplify({ jsonSchema }: { readonly jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.format !== undefined) delete jsonSchema.pattern
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum
}

/** The schema, or where it has a name a reference to it; it and all that it refers to are in `schemas` then. */
export function schemaIn(schemas: Record<string, unknown>, schema: z.ZodType, side: Side): Json {
  const { $defs = {}, ...made } = jsonSchemaOf(schema, side)
  for (const [name, { id: _, ...part }] of Object.entries($defs)) schemas[name] ??= inDocument(part)
  const name = namesOn(side).get(schema)?.id
  if (name === undefined) return inDocument(made)
  schemas[name] ??= inDocument(made)
  return { $ref: `#/components/schemas/${name}` }
}

const inDocument = (part: object): Json =>
  JSON.parse(JSON.stringify(part).replaceAll('"#/$defs/', '"#/components/schemas/')) as Json

const modules: readonly object[] = [
  answers,
  audit,
  company,
  connections,
  connectwise,
  customers,
  cutover,
  invoices,
  jobs,
  leaving,
  members,
  people,
  pod,
  preflight,
  problem,
  products,
  programs,
  runs,
  session,
  stored,
  billing,
]

const named = modules.flatMap((module) =>
  Object.entries(module).flatMap(([name, value]) =>
    value instanceof z.ZodType && name.endsWith('Schema') ? [{ schema: value, id: nameOf(name) }] : [],
  ),
)

function nameOf(exported: string): string {
  const name = exported.slice(0, -'Schema'.length)
  return `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`
}

const bodies = Object.values<Contract>(contracts).map(({ body }) => body as z.ZodType | undefined)
const answered = registryOf(named)
/** Of what is sent only whole bodies have names: a part of one may be another than the same part of an answer. */
const sent = registryOf(named.filter(({ schema }) => bodies.includes(schema)))

const namesOn = (side: Side) => (side === 'input' ? sent : answered)

function registryOf(names: typeof named) {
  const registry = z.registry<{ id: string }>()
  for (const { schema, id } of names) registry.add(schema, { id })
  return registry
}

/** The schemas that requests are read by, found by the names that routes and pages use, and walked to their fields. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const APP = join(import.meta.dirname, '..', '..')
const READS = /\b(?:bodyOf|queryOf|searchOf)\((?:request, )?(\w+Schema)/g

/** Name -> schema, of all that a route or a page reads a body, a query or its address by. */
export async function requestSchemas(): Promise<Readonly<Record<string, z.ZodObject>>> {
  const exported = new Map<string, unknown>()
  for (const path of globSync('api/schemas/*.ts', { cwd: APP }).filter((each) => !each.endsWith('.test.ts')))
    for (const [name, value] of Object.entries((await import(join(APP, path))) as object))
      exported.set(name, value)
  const names = globSync('{api/**/route.ts,**/page.tsx}', { cwd: APP }).flatMap(schemasReadIn)
  return Object.fromEntries(
    [...new Set(names)].flatMap((name) => {
      const schema = exported.get(name)
      return schema instanceof z.ZodObject ? [[name, schema]] : []
    }),
  )
}

/** The names of the schemas that a file below app reads requests by. */
export const schemasReadIn = (file: string): string[] =>
  [...readFileSync(join(APP, file), 'utf8').matchAll(READS)].map(([, name]) => name ?? '')

type Leaf = z.core.$ZodType & z.ZodType

export interface RequestField {
  /** Keys of objects, and 0 for what stands in a list. */
  readonly path: readonly (string | 0)[]
  /** What a value of the field meets at last: several where it is a union or a pipe. */
  readonly leaves: readonly Leaf[]
}

/** Every field of an object and of the objects in it. */
export const fieldsIn = (schema: z.ZodObject): RequestField[] =>
  Object.entries(schema.shape).flatMap(([key, field]) => below(field as Leaf, [key]))

function below(schema: Leaf, path: RequestField['path']): RequestField[] {
  const leaves = leavesOf(schema)
  const inner = leaves.flatMap((leaf) => {
    if (leaf instanceof z.ZodObject)
      return fieldsIn(leaf).map((field) => ({ ...field, path: [...path, ...field.path] }))
    return leaf instanceof z.ZodArray ? below(leaf.element as Leaf, [...path, 0]) : []
  })
  return [{ path, leaves }, ...inner]
}

function leavesOf(schema: Leaf): Leaf[] {
  const { def } = schema as unknown as {
    def: { type: string; innerType?: Leaf; in?: Leaf; options?: readonly Leaf[] }
  }
  if (def.innerType !== undefined) return leavesOf(def.innerType)
  // What comes after a transformation is made by us.
  if (def.type === 'pipe' && def.in !== undefined) return leavesOf(def.in)
  if (def.type === 'union') return (def.options ?? []).flatMap(leavesOf)
  return [schema]
}

/** The schemas that requests are read by, of the contracts and of the pages, by their names, and walked to their fields. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { rows } from './contract-of.ts'

const APP = join(import.meta.dirname, '..', '..')

/** Name -> schema, of all that a route reads a body or a query by, or a page its address. */
export async function requestSchemas(): Promise<Readonly<Record<string, z.ZodObject>>> {
  const ofContracts = rows.flatMap(([, { query, body }]) => [query ?? [], body ?? []].flat())
  const ofPages = schemasOfPages()
  const exported = new Map<string, unknown>()
  for (const path of globSync('api/schemas/*.ts', { cwd: APP }).filter((each) => !each.endsWith('.test.ts')))
    for (const [name, value] of Object.entries((await import(join(APP, path))) as object))
      exported.set(name, value)
  // Those of tables as files are their tables' own, with the form that the file has.
  const ofFiles = rows.flatMap(([endpoint, { query, reply }]) =>
    reply === 'csv' && query instanceof z.ZodObject ? [[endpoint, query] as const] : [],
  )
  return Object.fromEntries([
    ...ofFiles,
    ...[...exported].flatMap(([name, schema]) =>
      schema instanceof z.ZodObject && (ofContracts.includes(schema) || ofPages.includes(name))
        ? [[name, schema] as const]
        : [],
    ),
  ])
}

/** The names of the schemas that pages read their addresses by. */
export const schemasOfPages = (): string[] =>
  globSync('**/page.tsx', { cwd: APP }).flatMap((file) =>
    [...readFileSync(join(APP, file), 'utf8').matchAll(/\bsearchOf\((\w+)/g)].map(([, name]) => name ?? ''),
  )

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

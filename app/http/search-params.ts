import type { z } from 'zod'
import { line } from '#app/api/schemas/fields.ts'

/** What Next hands a page of its address's query. */
export type SearchParams = Promise<Readonly<Record<string, string | string[] | undefined>>>

/**
 * What a page's address asks for. A value that the page cannot use counts as not given, and the others keep: a link from an old
 * mail still shows something. Every field of the schema is optional or has a default.
 * @returns the query, and the names of what was left out
 */
export async function searchOf<S extends z.ZodObject>(
  schema: S,
  given: SearchParams,
): Promise<{ query: z.output<S>; ignored: readonly string[] }> {
  const single = Object.entries(await given).map(([name, value]) => [
    name,
    Array.isArray(value) ? value[0] : value,
  ])
  const read = schema.safeParse(Object.fromEntries(single))
  if (read.success) return { query: read.data, ignored: [] }
  const ignored = [...new Set(read.error.issues.map(({ path }) => String(path[0])))]
  const usable = single.filter(([name]) => name === undefined || !ignored.includes(name))
  return { query: schema.parse(Object.fromEntries(usable)), ignored }
}

const segment = line('', { most: 100 })

/** A part of a page's path, which Next hands over as it was sent; `null` where no record can have such an id. */
export function pathText(sent: string): string | null {
  try {
    return segment.safeParse(decodeURIComponent(sent)).data ?? null
  } catch {
    return null
  }
}

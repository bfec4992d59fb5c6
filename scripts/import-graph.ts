/** Who imports whom, read from the sources' text; enough for this code base, where imports stand at a line's start. */
import { posix } from 'node:path'

/** Path from the repository's root, with slashes -> text. */
export type Sources = ReadonlyMap<string, string>

export type Import = {
  from: string
  /** A file's path, or a package's name (`node:fs`, `drizzle-orm`, `@scope/name`). */
  to: string
  kind: 'file' | 'package'
  /** `import type`: gone at run time. */
  typeOnly: boolean
  /** Written as a relative path. */
  relative: boolean
}

const statement =
  /^\s*(?:import|export)\s(\s*type\s(?!\s*from\b))?(?:[^'"`;=]*?\sfrom)?\s*['"]([^'"\n]+)['"]/gm
const dynamicImport = /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g

export function importsOf(path: string, text: string): Import[] {
  const statements = [...text.matchAll(statement)].map(([, type, specifier]) => ({
    typeOnly: type !== undefined,
    specifier: specifier ?? '',
  }))
  const dynamic = [...text.matchAll(dynamicImport)].map(([, specifier]) => ({
    typeOnly: false,
    specifier: specifier ?? '',
  }))
  return [...statements, ...dynamic].map(({ specifier, typeOnly }) => ({
    from: path,
    typeOnly,
    relative: specifier.startsWith('.'),
    ...targetOf(path, specifier),
  }))
}

function targetOf(path: string, specifier: string): Pick<Import, 'to' | 'kind'> {
  if (specifier.startsWith('.')) return { kind: 'file', to: posix.join(posix.dirname(path), specifier) }
  if (specifier.startsWith('#')) return { kind: 'file', to: specifier.slice(1) }
  if (specifier.startsWith('node:')) return { kind: 'package', to: specifier }
  const [first = '', second = ''] = specifier.split('/')
  return { kind: 'package', to: first.startsWith('@') ? `${first}/${second}` : first }
}

/** Files that import each other in a circle, also where they import types alone; each circle in order of its paths. */
export function circlesOf(sources: Sources): string[][] {
  const targets = new Map(
    [...sources].map(([path, text]) => [
      path,
      importsOf(path, text).flatMap(({ kind, to }) => (kind === 'file' && sources.has(to) ? [to] : [])),
    ]),
  )
  const reached = new Map([...targets.keys()].map((path) => [path, reachableFrom(path, targets)]))
  const circles = new Map<string, string[]>()
  for (const [path, reachable] of reached) {
    if (!reachable.has(path)) continue
    const circle = [...reachable].filter((other) => reached.get(other)?.has(path)).sort()
    circles.set(circle.join(), circle)
  }
  return [...circles.values()]
}

function reachableFrom(path: string, targets: ReadonlyMap<string, readonly string[]>): Set<string> {
  const seen = new Set<string>()
  const waiting = [...(targets.get(path) ?? [])]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next)) continue
    seen.add(next)
    waiting.push(...(targets.get(next) ?? []))
  }
  return seen
}

/** Every import that is loaded when `start` is, each with the chain of files that leads to it. */
export function loadedBy(start: string, sources: Sources): { chain: string[]; found: Import }[] {
  const loaded: { chain: string[]; found: Import }[] = []
  const waiting = [{ file: start, chain: [start] }]
  const seen = new Set([start])
  for (const { file, chain } of waiting) {
    for (const found of importsOf(file, sources.get(file) ?? '')) {
      if (found.typeOnly) continue
      loaded.push({ chain: [...chain, found.to], found })
      if (found.kind === 'package' || seen.has(found.to)) continue
      seen.add(found.to)
      waiting.push({ file: found.to, chain: [...chain, found.to] })
    }
  }
  return loaded
}

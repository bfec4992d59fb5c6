/** Finds what breaks the shape of the house. The rules themselves are the table in tidy.test.ts. */
import { circlesOf, type Import, importsOf, loadedBy, type Sources } from './import-graph.ts'

export type Room = {
  /** Rooms that it may import; itself always. `types of x`: only with `import type`. */
  imports: readonly string[]
  /** Packages that it may import; left out: all that no other room has for itself. */
  packages?: readonly string[]
  /** No clock, environment, network or waiting: the same input gives the same output. */
  pure?: boolean
}

export type House = {
  /** A folder, or a top-level file -> its rule. A file belongs to the longest that fits. */
  rooms: Readonly<Record<string, Room>>
  /** Package -> the only rooms that may import it. */
  reserved: Readonly<Record<string, readonly string[]>>
  /** Rooms that send requests only through the guard, and the files of them that do it themselves. */
  guarded: { rooms: readonly string[]; except: readonly string[] }
  /** Room -> rooms of which nothing may be loaded with it, through whatever others. */
  apart: Readonly<Record<string, readonly string[]>>
  /** What may be loaded, directly or not, by a file with 'use client'. */
  browser: { rooms: readonly string[]; packages: readonly string[] }
}

/** One sentence for each broken rule. */
export function findViolations(sources: Sources, house: House): string[] {
  const paths = [...sources.keys()]
  const found = paths.flatMap((path) => [
    ...importViolations(path, sources, house),
    ...purityViolations(path, sources.get(path) ?? '', house),
    ...requestViolations(path, sources.get(path) ?? '', house),
    ...browserViolations(path, sources, house),
    ...apartViolations(path, sources, house),
    ...placeViolations(path),
    ...lengthViolations(path, sources.get(path) ?? ''),
  ])
  const product = new Map([...sources].filter(([path]) => !isTest(path)))
  const circles = circlesOf(product).map((circle) => `${circle.join(', ')}: import each other in a circle`)
  return [...new Set([...found, ...circles])]
}

const mostLines = 300

/** Tests may be longer: they are tables of cases. */
function lengthViolations(path: string, text: string): string[] {
  const lines = text.split('\n').length - 1
  return /^(lib|db)\//.test(path) && !isTest(path) && lines > mostLines
    ? [`${path} has ${lines} lines, more than ${mostLines}`]
    : []
}

export const isTest = (path: string): boolean =>
  /\.(test|spec)\.tsx?$/.test(path) || path.includes('/testing/')

function roomOf(path: string, house: House): string | undefined {
  const fitting = Object.keys(house.rooms).filter((room) => path === room || path.startsWith(`${room}/`))
  return fitting.sort((a, b) => b.length - a.length)[0]
}

function importViolations(path: string, sources: Sources, house: House): string[] {
  const room = roomOf(path, house)
  if (room === undefined) return [`${path} is in no room of the table`]
  // Tests may look anywhere, but the stand-ins' own prove nothing where they use the product's engine.
  if (isTest(path) && room !== 'standin') return []
  return importsOf(path, sources.get(path) ?? '').flatMap((found) =>
    found.kind === 'file' ? fileViolation(room, found, house) : packageViolation(room, found, house),
  )
}

function fileViolation(room: string, found: Import, house: House): string[] {
  const target = roomOf(found.to, house)
  if (!isTest(found.from) && room !== 'e2e' && isTest(found.to))
    return [`${found.from} imports test code: ${found.to}`]
  if (target === undefined) return [`${found.from} imports ${found.to}, which is in no room of the table`]
  if (target === room) return []
  if (found.relative && !areNeighbours(found.from, room, target))
    return [`${found.from} reaches into ${target} by a relative path; use #${found.to}`]
  const allowed = house.rooms[room]?.imports ?? []
  if (allowed.includes(target) || (found.typeOnly && allowed.includes(`types of ${target}`))) return []
  return [`${found.from} imports ${found.to}: ${room} may not import ${target}`]
}

/** One room inside the other, or a tool's file at the top level, for which every path is relative. */
function areNeighbours(from: string, room: string, target: string): boolean {
  return room.startsWith(`${target}/`) || target.startsWith(`${room}/`) || !from.includes('/')
}

function packageViolation(room: string, found: Import, house: House): string[] {
  const own = house.rooms[room]?.packages
  const owners = house.reserved[found.to]
  if (own ? own.includes(found.to) : !owners || owners.includes(room)) return []
  return [`${found.from} imports ${found.to}: ${room} may not use this package`]
}

const impurities: readonly (readonly [RegExp, string])[] = [
  [/\bnew Date\b|\bDate\s*[.(]/, 'the clock (Date)'],
  [/\bperformance\s*\./, 'the clock (performance)'],
  [/\bMath\.random\b|\bcrypto\s*\./, 'chance'],
  [/\bprocess\s*\./, 'the process'],
  [/\bglobalThis\b/, 'globalThis'],
  [/\bfetch\s*\(/, 'fetch'],
  [/\basync\b|\bawait\b|\bnew Promise\b|\bPromise\s*\./, 'waiting (async)'],
  [/\bset(Timeout|Interval|Immediate)\s*\(|\bqueueMicrotask\s*\(/, 'a timer'],
  [/\bimport\s*\(|\brequire\s*\(/, 'loading at run time'],
]

function purityViolations(path: string, text: string, house: House): string[] {
  const room = roomOf(path, house)
  if (isTest(path) || room === undefined || !house.rooms[room]?.pure) return []
  const code = withoutComments(text)
  return impurities
    .filter(([pattern]) => pattern.test(code))
    .map(([, what]) => `${path} uses ${what}: ${room} is pure`)
}

/** A request that goes past the guard may go anywhere. A page's own script asks only its own server. */
function requestViolations(path: string, text: string, house: House): string[] {
  const { rooms, except } = house.guarded
  const room = roomOf(path, house)
  const isGuarded = rooms.some((guarded) => path.startsWith(`${guarded}/`))
  if (!isGuarded || isTest(path) || except.includes(path)) return []
  // A pure room may not send anything anyway.
  if (room !== undefined && house.rooms[room]?.pure) return []
  const sends = /(?<![.\w])fetch\s*\(/.test(withoutComments(text))
  const opens = importsOf(path, text).some(({ to, typeOnly }) => !typeOnly && NETWORK.test(to))
  return sends || opens ? [`${path} sends a request past the guard; use lib/base/guarded-fetch.ts`] : []
}

const NETWORK = /^(node:)?(https?|http2|net|tls|dgram)$|^undici$/

/** Comments and plain strings go; templates stay, because they hold code. */
function withoutComments(text: string): string {
  const parts = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\/[^\n]*|\/\*[\s\S]*?\*\//g
  return text.replace(parts, (part) => (part.startsWith('`') ? part : ' '))
}

function browserViolations(path: string, sources: Sources, house: House): string[] {
  if (!/^\s*(\/\*[\s\S]*?\*\/\s*|\/\/[^\n]*\n\s*)*['"]use client['"]/.test(sources.get(path) ?? '')) return []
  return loadedBy(path, sources).flatMap(({ chain, found }) => {
    const { rooms, packages } = house.browser
    const room = found.kind === 'file' ? roomOf(found.to, house) : undefined
    const allowed =
      found.kind === 'package' ? packages.includes(found.to) : room !== undefined && rooms.includes(room)
    return allowed ? [] : [`${chain.join(' -> ')}: not for the browser`]
  })
}

/** Looks through other rooms too: what a room loads by way of them is loaded all the same. */
function apartViolations(path: string, sources: Sources, house: House): string[] {
  const room = roomOf(path, house)
  const apart = room === undefined ? undefined : house.apart[room]
  if (apart === undefined || isTest(path)) return []
  return loadedBy(path, sources).flatMap(({ chain, found }) => {
    const target = found.kind === 'file' ? roomOf(found.to, house) : undefined
    return target !== undefined && apart.some((each) => target === each || target.startsWith(`${each}/`))
      ? [`${chain.join(' -> ')}: ${room} stands apart from ${target}`]
      : []
  })
}

function placeViolations(path: string): string[] {
  const folders = path.split('/').slice(0, -1)
  const name = path.split('/').at(-1) ?? ''
  const violations: string[] = []
  if (folders[0] === 'lib' && folders.length > 4)
    violations.push(`${path} is deeper than three folders below lib`)
  if (!/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)+$/.test(name)) violations.push(`${path} is not named in kebab-case`)
  // The framework serves a file of such a name wherever it stands in app.
  if (/^app\/(contracts|hooks|http|process|ui|views)\/(.*\/)?(page|route|layout)\.tsx?$/.test(path))
    violations.push(`${path} would be an address of its own`)
  return violations
}

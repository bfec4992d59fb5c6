/** Which methods the API's addresses offer, so that another one is answered with what there is. */

/** Route file as `connections/[kind]/test` -> the methods that it exports. */
export type ApiMethods = Readonly<Record<string, readonly string[]>>

export interface FoundRoute {
  readonly file: string
  readonly params: Readonly<Record<string, string>>
}

/**
 * The route file that answers a path; fixed segments win over parameters, as in Next.
 * @param path below `/api/`, its parts still encoded; throws `URIError` where one cannot be decoded
 */
export function routeOf(files: readonly string[], path: string): FoundRoute | null {
  const given = path.split('/').map(decodeURIComponent)
  const found = files.flatMap((file): (FoundRoute & { fixed: number })[] => {
    const segments = file.split('/')
    if (segments.length !== given.length) return []
    const params: Record<string, string> = {}
    for (const [index, segment] of segments.entries()) {
      const text = given[index] ?? ''
      const name = /^\[(\w+)\]$/.exec(segment)?.[1]
      if (name !== undefined) params[name] = text
      else if (segment !== text) return []
    }
    return [{ file, params, fixed: segments.length - Object.keys(params).length }]
  })
  return found.sort((a, b) => b.fixed - a.fixed)[0] ?? null
}

/** The value of `Allow`: what the route file offers, and what Next adds by itself. */
export function allowed(methods: readonly string[]): string {
  const added = methods.includes('GET') ? ['HEAD', 'OPTIONS'] : ['OPTIONS']
  return [...methods, ...added].sort().join(', ')
}

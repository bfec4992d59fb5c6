/** The files that deployments are made of say what the product and docs/deploy.md say. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from './app-build.ts'

const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const versionOfNode = (JSON.parse(read('package.json')) as { devDependencies: { node: string } })
  .devDependencies.node

describe('the image [I3]', () => {
  const lines = read('Dockerfile').split('\n')
  const last = (word: string): string => lines.filter((line) => line.startsWith(word)).at(-1) ?? ''

  it('has the Node that everything is tested with, in both of its stages', () => {
    const stages = lines.filter((line) => line.startsWith('FROM'))
    expect(stages).toHaveLength(2)
    for (const stage of stages) expect(stage).toContain(`node:${versionOfNode}-`)
  })

  it('runs as nobody in particular, says whether it is well, and starts what is there', () => {
    expect(last('USER')).toBe('USER node')
    expect(lines.lastIndexOf('USER node')).toBeGreaterThan(
      lines.findLastIndex((line) => line.startsWith('COPY')),
    )
    const commands = [
      last('CMD'),
      lines.find((line) => /^ {2}CMD/.test(line)) ?? '',
      lines.find((line) => line.startsWith('RUN node')) ?? '',
    ]
    const scripts = commands.map((line) => /scripts\/[\w-]+\.\w+/.exec(line)?.[0] ?? '')
    expect(scripts).toEqual(['scripts/start.ts', 'scripts/healthy.mjs', 'scripts/build.ts'])
    for (const script of scripts) expect(existsSync(join(root, script)), script).toBe(true)
  })

  it('never gets a secret or data of the machine that builds it', () => {
    const ignored = read('.dockerignore').split('\n')
    for (const entry of ['.env', '.env.*', '.data', '.git', 'node_modules']) expect(ignored).toContain(entry)
    expect(read('Dockerfile')).not.toMatch(/SECRET|PASSWORD|_KEY\b/)
  })
})

it('the composition holds no secret, and gives the app nothing to write to but memory [I3]', () => {
  const text = read('compose.yaml')
  const secrets = [...text.matchAll(/^\s*\w*(?:PASSWORD|SECRET|KEY)\w*: (.*)$/gm)].map(([, value]) => value)
  expect(secrets.length).toBeGreaterThan(1)
  for (const value of secrets) expect(value).toMatch(/^\$\{\w+:\?/)
  expect(text).toMatch(/DATABASE_URL: postgres:\/\/prism_pod_app:\$\{APP_PASSWORD:\?/)
  for (const line of ['read_only: true', 'cap_drop: [ALL]', 'no-new-privileges:true', '"127.0.0.1:'])
    expect(text).toContain(line)
  expect(read('deploy/postgres/10-app-role.sh')).toContain('NOSUPERUSER NOCREATEDB NOCREATEROLE')
})

it('the unit runs as a user of its own that writes to its own folder alone, on the Node of the repository [I3]', () => {
  const unit = read('deploy/prism-pod.service').split('\n')
  for (const line of [
    'User=prism-pod',
    'NoNewPrivileges=yes',
    'ProtectSystem=strict',
    'ProtectHome=yes',
    'PrivateTmp=yes',
    'CapabilityBoundingSet=',
    'StateDirectory=prism-pod',
    'Environment=DATA_DIR=/var/lib/prism-pod',
    'ExecStart=/opt/prism-pod/node_modules/node/bin/node scripts/start.ts',
  ])
    expect(unit).toContain(line)
  // V8 would not start.
  expect(unit.filter((line) => line.startsWith('MemoryDenyWriteExecute'))).toEqual([])
})

describe('Vercel', () => {
  const config = JSON.parse(read('vercel.json')) as {
    buildCommand: string
    regions: string[]
    crons: { path: string; schedule: string }[]
  }

  it('calls a route that is there, at least hourly, and migrates before it builds [F1][H7]', () => {
    expect(config.crons).toHaveLength(1)
    for (const { path, schedule } of config.crons) {
      expect(existsSync(join(root, 'app', ...(path.split('?')[0] ?? '').split('/'), 'route.ts')), path).toBe(
        true,
      )
      expect(schedule).toMatch(/^(\*|\*\/\d{1,2}) \* \* \* \*$/)
    }
    expect(config.buildCommand).toMatch(/^node scripts\/migrate\.ts && next build$/)
    expect(config.regions).toHaveLength(1)
  })

  it('is asked for no longer time than every plan gives', () => {
    const routes = globSync('app/**/{route.ts,page.tsx}', { cwd: root })
    const asked = routes.flatMap((path) =>
      [...read(path).matchAll(/^export const maxDuration = (\d+)$/gm)].map(([, s]) => Number(s)),
    )
    expect(asked.length).toBeGreaterThan(5)
    expect(Math.max(...asked)).toBeLessThanOrEqual(60)
  })
})

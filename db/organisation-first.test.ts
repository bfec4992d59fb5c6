/** Every query says whose rows it is about: `(db, organisationId, …)`, so that none can forget it (I2; decision 098). */
import { globSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

/** Asked before the organisation is known, of all at once, or of the database itself. */
const ofNoOrganisation = {
  'db/connections/connections.ts': ['allSealedWithOther'],
  'db/health.ts': ['ping', 'standing'],
  'db/ledger/readings.ts': ['readingClock'],
  'db/notices/recipients.ts': ['webhooksSealedWithOther'],
  'db/observation.ts': ['figuresOf', 'workStanding'],
  'db/people/people.ts': ['peopleOfLogin'],
  'db/people/second-factors.ts': ['secondFactorsSealedWithOther'],
  'db/role.ts': ['roleOfUs'],
  'db/statistics.ts': ['refreshStatistics'],
}

interface Query {
  readonly file: string
  readonly name: string
  readonly second: string
}

const queriesIn = (file: string): Query[] =>
  [
    ...readFileSync(file, 'utf8').matchAll(/^export const (\w+) = (?:async )?\(\s*db: Database,?([^)]*)/gm),
  ].map(([, name = '', rest = '']) => ({ file, name, second: /^\s*(\w+):/.exec(rest)?.[1] ?? '' }))

it('takes the organisation second in every query outside the directory [I2]', () => {
  const files = globSync('db/**/*.ts').filter(
    (file) => !/\.test\.ts$|\/testing\/|^db\/directory\//.test(file),
  )
  const queries = files.flatMap(queriesIn)
  expect(queries.length).toBeGreaterThan(150)
  const others: Record<string, string[]> = {}
  for (const { file, name, second } of queries)
    if (second !== 'organisationId') others[file] = [...(others[file] ?? []), name]
  expect(others).toEqual(ofNoOrganisation)
})

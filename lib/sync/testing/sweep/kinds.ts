/** What may go wrong at a write. */
import pg from 'pg'
import type { FaultRule } from '#standin/http/faults.ts'
import { databaseUrl } from '../../../../scripts/testing/database-setup.ts'
import { unhurried } from '../processes.ts'
import type { Now } from './case.ts'
import type { Patience } from './process.ts'

export interface Kind {
  readonly rule: Pick<FaultRule, 'kind' | 'ms' | 'effectAfterMs' | 'retryAfter'>
  readonly patience: Patience
  /** The write is sent again, so that later ones of its place are one request further on. */
  readonly isSentAgain?: true
  /** What happens besides, while the write is struck. */
  readonly does?: (now: Now) => unknown
}

const patient = { clientMs: unhurried.clientMs, settleMs: 60, drainMs: 10_000 }
/** The client gives up, and a late effect comes within the time after which what became of a write is looked up. */
const impatient = { ...patient, clientMs: 250, settleMs: 250 }
/** What the database's loss leaves behind is taken up by another call. */
const brief = { ...patient, drainMs: 1_000 }

/** The database ends all its connections and takes no new one for a while, as one that crashed or is restarted. */
const AWAY_MS = 250
export const loseDatabase = async ({ database }: Now): Promise<void> => {
  const name = new URL(database.url).pathname.slice(1)
  const execute = async (statement: string): Promise<void> => {
    const client = new pg.Client({ connectionString: databaseUrl(database.url, 'postgres') })
    await client.connect()
    try {
      await client.query(statement)
    } finally {
      await client.end()
    }
  }
  await execute(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`)
  await execute(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`)
  setTimeout(
    () => void execute(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`).catch(() => undefined),
    AWAY_MS,
  )
}
export const die = ({ process }: Now): void => process.die()

export const kinds: Readonly<Record<string, Kind>> = {
  'cut before it took effect': { isSentAgain: true, rule: { kind: 'cut-before' }, patience: patient },
  'cut after it took effect': { rule: { kind: 'cut-after' }, patience: patient },
  'takes effect late': { rule: { kind: 'timeout', effectAfterMs: 400 }, patience: impatient },
  'never answered': { isSentAgain: true, rule: { kind: 'timeout' }, patience: impatient },
  'answered unreadably': { rule: { kind: 'truncated-json' }, patience: patient },
  'answered 500': { isSentAgain: true, rule: { kind: '500' }, patience: patient },
  'answered 429': { isSentAgain: true, rule: { kind: '429', retryAfter: 0.05 }, patience: patient },
  'not shown at once': { rule: { kind: 'stale', ms: 300 }, patience: { ...patient, settleMs: 600 } },
  'not shown for long': { rule: { kind: 'stale', ms: 1_000 }, patience: { ...patient, settleMs: 200 } },
  'the process dies before it': {
    isSentAgain: true,
    rule: { kind: 'cut-before' },
    patience: patient,
    does: die,
  },
  'the process dies after it': { rule: { kind: 'cut-after' }, patience: patient, does: die },
  'the database is lost before it': {
    rule: { kind: 'latency', ms: 1 },
    patience: brief,
    does: loseDatabase,
  },
  'the database is lost after it': {
    rule: { kind: 'slow-body', ms: 1 },
    patience: brief,
    does: loseDatabase,
  },
}

/** Where writes go: an agreement's additions, or the catalog. */
export type Place = `${number}` | 'catalog'

export const pathOf = (place: Place): string =>
  place === 'catalog' ? '*/procurement/catalog*' : `*/agreements/${place}/additions*`

export const placeOf = (write: string): Place | null => {
  if (write.includes('/procurement/catalog')) return 'catalog'
  const agreement = /\/agreements\/(\d+)\/additions/.exec(write)?.[1]
  return agreement === undefined ? null : (`${Number(agreement)}` as Place)
}

/** The kind at the n-th write of the place, from 1. */
export const ruleAt = (kind: Kind, place: Place, nth: number): FaultRule => ({
  ...kind.rule,
  method: 'write',
  path: pathOf(place),
  nth,
})

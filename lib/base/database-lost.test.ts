import { describe, expect, it } from 'vitest'
import { databaseUnreachable, isDatabaseLost, lossReason, NoConnection } from './database-lost.ts'
import { ProductError } from './errors.ts'

const coded = (code: string, message = 'it failed'): Error => Object.assign(new Error(message), { code })
/** As Drizzle wraps what the driver throws. */
const failedQuery = (cause: Error): Error =>
  Object.assign(new Error('Failed query: select 1', { cause }), { query: 'select 1', params: [] })

describe('a lost database', () => {
  it.each(['57P01', '57P02', '57P03', '08000', '08006', '08P01', '53300', '25P03'])(
    'is recognised by its code %s, bare and under a statement',
    (code) => {
      expect(isDatabaseLost(coded(code))).toBe(true)
      expect(isDatabaseLost(failedQuery(coded(code)))).toBe(true)
      expect(isDatabaseLost(new Error('It went wrong', { cause: failedQuery(coded(code)) }))).toBe(true)
    },
  )

  it.each(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN'])(
    'is %s of its own connection, and of no other one',
    (code) => {
      expect(isDatabaseLost(failedQuery(coded(code)))).toBe(true)
      expect(isDatabaseLost(new NoConnection('none', { cause: coded(code) }))).toBe(true)
      expect(isDatabaseLost(coded(code))).toBe(false)
    },
  )

  it.each([
    'Connection terminated',
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'timeout exceeded when trying to connect',
    'Query read timeout',
    'Client has encountered a connection error and is not queryable',
  ])('is recognised by the driver’s words “%s”', (words) => {
    expect(isDatabaseLost(failedQuery(new Error(words)))).toBe(true)
  })

  it('is every failure to connect, a refused password too', () => {
    expect(lossReason(new NoConnection('none', { cause: coded('28P01') }))).toContain('password')
    expect(lossReason(new NoConnection('none', { cause: coded('3D000') }))).toContain('no database')
    expect(isDatabaseLost(new NoConnection('none', { cause: new Error('odd') }))).toBe(true)
  })

  it.each([
    coded('23505'),
    coded('22021'),
    coded('40001'),
    coded('57014'),
    coded('28P01'),
    failedQuery(coded('42P01')),
    new Error('fetch failed', { cause: coded('ECONNREFUSED') }),
    new ProductError('prism-unreachable', 'PRISM', { cause: failedQuery(coded('ECONNRESET')) }),
  ])('is not %o', (error) => expect(isDatabaseLost(error)).toBe(false))

  it('is told with why, since when, and who brings it back, but with no address', () => {
    const error = new NoConnection('none', {
      cause: coded('ECONNREFUSED', 'connect ECONNREFUSED 10.1.2.3:5432'),
    })
    const since = new Date('2026-11-25T10:20:30.400Z')
    expect(databaseUnreachable(error, { since, isRestarted: true })).toMatchObject({
      code: 'database-unreachable',
      detail:
        'The database cannot be reached: nothing listens at its address. It is away since 2026-11-25 10:20:30 UTC. It is being started again.',
    })
    const { detail } = databaseUnreachable(error, { since: null, isRestarted: false })
    expect(detail).toBe('The database cannot be reached: nothing listens at its address.')
  })
})

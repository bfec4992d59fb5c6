import { afterEach, describe, expect, it, vi } from 'vitest'
import { parseTimestamp } from './days.ts'

afterEach(() => vi.unstubAllEnvs())

describe('a date that a client writes', () => {
  it.each([
    ['2026-09-16', '2026-09-16T00:00:00.000Z'],
    ['2026-09-16T00:00:00', '2026-09-16T00:00:00.000Z'],
    ['2026-09-16 10:30', '2026-09-16T10:30:00.000Z'],
    ['2026-09-16T00:00:00Z', '2026-09-16T00:00:00.000Z'],
    ['2026-09-16T00:00:00.0000000+10:00', '2026-09-15T14:00:00.000Z'],
  ])('%s is the same moment in every time zone of this machine', (text, moment) => {
    for (const zone of ['UTC', 'Australia/Sydney', 'America/New_York']) {
      vi.stubEnv('TZ', zone)
      expect(new Date(parseTimestamp(text)).toISOString()).toBe(moment)
    }
  })

  it.each(['1', '2027', '2026-02-31', '2026-13-01', '16 Sep 2026', ''])('%j is none', (text) => {
    expect(parseTimestamp(text)).toBeNaN()
  })
})

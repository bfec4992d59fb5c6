import { describe, expect, it } from 'vitest'
import { ProductError } from './errors.ts'
import { createLog } from './log.ts'
import { Secret } from './secrets.ts'

function recording() {
  const lines: string[] = []
  const log = createLog({ write: (line) => lines.push(line), now: () => new Date('2026-09-01T10:00:00Z') })
  const entries = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>)
  return { log, lines, entries }
}

describe('the log', () => {
  it('writes one JSON object a line, with time, level and event', () => {
    const { log, lines, entries } = recording()
    log.with({ organisationId: 'o1' }).info('run started', { runId: 7 })
    expect(lines[0]).toMatch(/\n$/)
    expect(entries()).toEqual([
      { at: '2026-09-01T10:00:00.000Z', level: 'info', event: 'run started', organisationId: 'o1', runId: 7 },
    ])
  })

  it('prints secrets as [secret] however deep they lie [B5]', () => {
    const { log, lines } = recording()
    const cause = new ProductError('conflict', 'detail')
    Object.assign(cause, { key: new Secret('hunter2') })
    log.warn('connected', {
      settings: { keys: [new Secret('hunter2')] },
      error: new Error('outer', { cause }),
    })
    expect(lines.join()).not.toContain('hunter2')
    expect(lines.join()).toContain('[secret]')
  })

  it('leaves out the fields of foreign errors, which may carry a whole request [B5]', () => {
    const { log, lines, entries } = recording()
    const foreign = Object.assign(new Error('socket hang up'), {
      code: 'ECONNRESET',
      config: { headers: { Authorization: 'Basic aHVudGVyMg==' } },
    })
    log.error('request failed', { error: foreign })
    expect(lines.join()).not.toContain('aHVudGVyMg')
    expect(entries()[0]?.error).toMatchObject({ message: 'socket hang up', code: 'ECONNRESET' })
  })

  it('gives an unexpected error a reference that finds its entry [F10]', () => {
    const { log, entries } = recording()
    const reference = log.unexpected(new TypeError('x is not a function'), { runId: 7 })
    expect(reference).toMatch(/^[2-9A-Z]{4}-[2-9A-Z]{4}$/)
    expect(entries()[0]).toMatchObject({ level: 'error', reference, runId: 7, error: { name: 'TypeError' } })
  })

  it('survives values that JSON does not know', () => {
    const { log, entries } = recording()
    const endless: Record<string, unknown> = {}
    endless.self = endless
    log.info('odd', { endless, big: 10n, when: new Date(Number.NaN), set: new Set([1]) })
    expect(entries()[0]).toMatchObject({ big: '10', when: 'Invalid Date', set: [1] })
  })
})

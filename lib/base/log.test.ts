import { describe, expect, it } from 'vitest'
import { ProductError } from './errors.ts'
import { captureConsole, createLog } from './log.ts'
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

  it('never prints what a query was given, or what PostgreSQL quotes of it [B5]', () => {
    const { log, lines, entries } = recording()
    const refused = Object.assign(new Error('invalid input syntax for type uuid: "hunter2"'), {
      severity: 'ERROR',
      code: '22P02',
      detail: 'Key (email)=(nora@northwind.example) already exists.',
      where: "unnamed portal parameter $1 = 'hunter2'",
      constraint: 'users_organisation_email',
      routine: 'uuid_in',
    })
    const sql = 'insert into "users" ("email", "password_hash") values ($1, $2)'
    const parameters = 'nora@northwind.example,scrypt$hunter2\n    at fake (file:1:1)\nparams: again'
    const failed = Object.assign(
      new Error(`Failed query: ${sql}\nparams: ${parameters}`, { cause: refused }),
      {
        query: sql,
        params: ['nora@northwind.example', 'scrypt$hunter2'],
      },
    )
    log.unexpected(failed)
    log.warn('inside another', { error: new Error('outer', { cause: failed }) })
    log.warn('as a text', { said: `Error: ${failed.message}`, all: failed.stack })
    log.warn('among several', { error: new AggregateError([failed, refused], 'both') })
    expect(lines.join()).not.toMatch(/hunter2|northwind|fake/)
    expect(entries()[0]).toMatchObject({
      error: {
        message: `Failed query: ${sql}`,
        stack: expect.stringContaining('log.test.ts'),
        cause: {
          code: '22P02',
          message: 'invalid input syntax for type uuid: "…"',
          constraint: 'users_organisation_email',
        },
      },
    })
  })

  it('writes one line an entry, whatever is in it, and no command to a terminal', () => {
    const { log, lines, entries } = recording()
    const forged = 'x\n{"level":"error"}\r\u2028\u2029\u0085\u009b31m\u001b[31m\u007f\0'
    log.info(forged, { [forged]: forged, error: new Error(forged) })
    expect(lines).toHaveLength(1)
    expect(lines[0]?.slice(0, -1)).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u)
    expect(entries()[0]).toMatchObject({ event: forged, error: { message: forged } })
  })

  it('takes over what libraries print', () => {
    const { log, entries } = recording()
    const { debug, info, log: print, warn, error } = console
    try {
      captureConsole(log)
      captureConsole(createLog({ write: () => expect.unreachable('only one takes over') }))
      console.error('⨯', new Error('x\n{"level":"error"}'))
      console.warn('careful')
      console.log('said')
    } finally {
      Object.assign(console, { debug, info, log: print, warn, error })
    }
    expect(entries()).toMatchObject([
      { level: 'error', event: 'printed', printed: ['⨯', { message: 'x\n{"level":"error"}' }] },
      { level: 'warn', printed: ['careful'] },
      { level: 'info', printed: ['said'] },
    ])
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

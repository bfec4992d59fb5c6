import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createLog } from './log.ts'
import { isRequestId, jobRequestId, newRequestId, originOf, requestId, withRequestId } from './request-id.ts'

describe('the name of a request', () => {
  it('is new each time, and such a one as is taken from a proxy', () => {
    const made = Array.from({ length: 100 }, newRequestId)
    expect(new Set(made).size).toBe(100)
    expect(made.every(isRequestId)).toBe(true)
  })

  it.each([
    ['0b3a7f5e-6a0d-4c3c-8a56-1f7a9a1d2b3c', true],
    ['1-67891233-abcdef012345678912345678', true],
    ['short', false],
    ['x'.repeat(101), false],
    ['with space in it', false],
    ['of/a-job-not-a-request', false],
    ['line\nbreak-in-it', false],
    ['<script>alert(1)</script>', false],
  ])('is taken from a proxy where nothing trips over it: %j', (text, isOne) => {
    expect(isRequestId(text)).toBe(isOne)
  })

  it('goes with the work and with no other’s, however they wait for each other', async () => {
    const seen = await Promise.all(
      ['first-request', 'second-request'].map((id, at) =>
        withRequestId(id, async () => {
          await pause(5 - at)
          return requestId()
        }),
      ),
    )
    expect(seen).toEqual(['first-request', 'second-request'])
    expect(requestId()).toBeNull()
  })

  it('is in each entry of the log that its work writes, and in no other', () => {
    const lines: string[] = []
    const log = createLog({ write: (line) => lines.push(line) }).with({ program: 'x' })
    withRequestId('a-request', () => log.info('inside'))
    log.info('outside')
    const entries = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(entries[0]).toMatchObject({ event: 'inside', requestId: 'a-request', program: 'x' })
    expect(entries[1]).not.toHaveProperty('requestId')
  })
})

describe('the name of a job', () => {
  const job = '0190b5e2-7c1d-7b11-9d55-0123456789ab'

  it('begins with that of the request, is the same for every try, and another for another job', () => {
    const name = jobRequestId('a-request', job)
    expect(name).toBe('a-request/0123456789ab')
    expect(jobRequestId('a-request', job)).toBe(name)
    expect(jobRequestId('a-request', job.replace('ab', 'ac'))).not.toBe(name)
  })

  it('leads back to the request, also from a job that a job put there', () => {
    expect(originOf(jobRequestId('a-request', job))).toBe('a-request')
    expect(jobRequestId(originOf(jobRequestId('a-request', job)), job)).toBe('a-request/0123456789ab')
    expect(originOf('a-request')).toBe('a-request')
    expect(jobRequestId(null, job)).toBe('job/0123456789ab')
  })
})

import { describe, expect, it } from 'vitest'
import type { Period } from '#lib/billing/types.ts'
import { loadingText } from './loading-text.ts'

const load = (prismInvoiceId: string, lines = 0, isWhole = false) => ({
  prismInvoiceId,
  period: '2026-09' as Period,
  lines,
  isWhole,
})

describe('what is read of PRISM’s invoices [G5]', () => {
  it('is nothing while no file is open', () => expect(loadingText([])).toBeNull())

  it('is named before its first lines are stored', () =>
    expect(loadingText([load('1234')])).toBe('Reading PRISM’s invoice 1234 for September 2026'))

  it('is told by its lines so far, and by all of them at the end', () => {
    expect(loadingText([load('1234', 350_000)])).toBe(
      'Reading PRISM’s invoice 1234 for September 2026: 350,000 lines so far',
    )
    expect(loadingText([load('1234', 412_345, true)])).toBe(
      'Reading PRISM’s invoice 1234 for September 2026: all 412,345 lines, and whose they are',
    )
  })

  it('is the file that has begun, whichever was asked for first, and how many wait', () => {
    expect(loadingText([load('1234'), load('1235', 50_000)])).toContain('1235')
    expect(loadingText([load('1234'), load('1235', 50_000)])).toMatch(/; 1 more waits$/)
    expect(loadingText([load('1234'), load('1235'), load('1236')])).toMatch(/^Reading .*1234.*; 2 more wait$/)
  })
})

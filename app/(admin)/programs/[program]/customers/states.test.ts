import { expect, it } from 'vitest'
import { markOf } from './states.ts'

const last = (status: 'No Change' | 'Success' | 'Warning' | 'Error') => ({
  runId: '5cb8baa8-0000-4000-8000-000000000000',
  status,
  finishedAt: '2026-11-02T09:14:00.000Z',
})

it('a customer is named by what keeps its bill from being right, and is never green for syncing alone [E1]', () => {
  const syncing = { state: 'syncing', lastResult: last('Success'), isBehind: false } as const
  expect(markOf(syncing)).toEqual({ text: 'Sync on', tone: 'quiet' })
  expect(markOf({ ...syncing, isBehind: true })).toEqual({ text: 'New invoice', tone: 'warn' })
  expect(markOf({ ...syncing, lastResult: null, isBehind: true })).toEqual({
    text: 'Not synced yet',
    tone: 'warn',
  })
  expect(markOf({ ...syncing, lastResult: null })).toEqual({ text: 'Not synced yet', tone: 'quiet' })
  const attention = { state: 'attention', isBehind: false } as const
  expect(markOf({ ...attention, lastResult: last('Error') }).tone).toBe('bad')
  expect(markOf({ ...attention, lastResult: last('Warning') }).tone).toBe('warn')
  expect(markOf({ state: 'unmapped', lastResult: null, isBehind: true }).text).toBe('Unmapped')
})

/** Reads what the first syncs of many agreements would write: a few at a time, each by a short request, while the page is used. */
import { callApi, Refused } from '#app/hooks/api.ts'
import { type FirstSync, firstSyncOf } from './summary.ts'

const AT_A_TIME = 4

/** What came of an agreement: its numbers, or why it cannot be read. */
export type Read = FirstSync | { readonly refused: string }

export const isRead = (read: Read | undefined): read is FirstSync =>
  read !== undefined && !('refused' in read)

/** @param tenantIds one customer of each agreement. @returns what stops it */
export function readAll(
  program: string,
  tenantIds: readonly string[],
  onRead: (tenantId: string, read: Read) => void,
): () => void {
  const waiting = [...tenantIds]
  let isStopped = false
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const read = await firstSyncAt(program, next)
      if (!isStopped) onRead(next, read)
    }
  }
  for (let at = 0; at < AT_A_TIME; at += 1) void work()
  return () => {
    isStopped = true
    waiting.length = 0
  }
}

async function firstSyncAt(program: string, tenantId: string): Promise<Read> {
  try {
    const plan = await callApi('GET /api/programs/{program}/customers/{tenantId}/plan', {
      path: { program, tenantId },
      query: { others: 'yes' },
    })
    return firstSyncOf(plan)
  } catch (error) {
    if (error instanceof Refused) return { refused: `${error.problem.detail} ${error.problem.remedy}` }
    throw error
  }
}

import type { AuditQuery, ShownAudit } from '#app/api/schemas/audit.ts'
import { csvLine } from '#app/http/csv.ts'
import { server } from '#app/process/process.ts'
import { type AuditEvent, type AuditFilter, auditEventsOf } from '#db/people/audit.ts'

const PAGE_SIZE = 100
const DAY_MS = 24 * 60 * 60 * 1000

const filterOf = ({ search, action, from, until }: AuditQuery): AuditFilter => ({
  search,
  action,
  from: from === '' ? null : new Date(from),
  until: until === '' ? null : new Date(Date.parse(until) + DAY_MS),
})

export async function auditPage(organisationId: string, query: AuditQuery): Promise<ShownAudit> {
  const page = { limit: PAGE_SIZE + 1, before: query.before ?? null }
  const found = await auditEventsOf(server().db, organisationId, filterOf(query), page)
  const events = found.slice(0, PAGE_SIZE)
  return {
    events: events.map(shownEvent),
    next: found.length > PAGE_SIZE ? (events.at(-1)?.id ?? null) : null,
  }
}

export const shownEvent = ({ id, at, actor, action, subject, detail, requestId }: AuditEvent) => ({
  id,
  at: at.toISOString(),
  actor,
  action,
  subject,
  requestId,
  detail: { ...detail },
})

/** Every fitting event as lines of CSV in UTF-8, the newest first, read page by page. */
export async function* auditCsv(organisationId: string, query: AuditQuery): AsyncGenerator<Uint8Array> {
  yield bytesOf(['When (UTC)', 'Who', 'Action', 'Subject', 'Detail', 'Request'])
  let before = query.before
  for (;;) {
    const { events, next } = await auditPage(organisationId, { ...query, before })
    for (const { at, actor, action, subject, detail, requestId } of events)
      yield bytesOf([at, actor, action, subject, JSON.stringify(detail), requestId ?? ''])
    if (next === null) return
    before = next
  }
}

const bytesOf = (values: readonly string[]): Uint8Array => Buffer.from(csvLine(values))

import type { AuditQuery, ShownAudit } from '#app/api/schemas/audit.ts'
import { server } from '#app/process/process.ts'
import { type AuditEvent, type AuditFilter, auditEventsOf } from '#db/people/audit.ts'
import { tenantsByIds } from '#db/prism/tenants.ts'
import { programs } from '#lib/programs/registry.ts'
import { changesOf, type FieldChange } from '../(admin)/audit/changes-of.ts'
import { actionText, subjectText } from '../(admin)/audit/words.ts'

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

/** A customer or a program that an event is about. */
export interface Subject {
  readonly name: string
  /** Of its page. */
  readonly path: string
}

/** By their ids. */
export async function subjectsOf(
  organisationId: string,
  events: ShownAudit['events'],
): Promise<ReadonlyMap<string, Subject>> {
  const ids = [...new Set(events.map(({ subject }) => subject))]
  const tenants = await Promise.all(
    programs.map(async ({ slug }) =>
      (await tenantsByIds(server().db, organisationId, slug, ids)).map(
        ({ id, name, domain }) =>
          [
            id,
            { name: name || domain || id, path: `/programs/${slug}/customers/${encodeURIComponent(id)}` },
          ] as const,
      ),
    ),
  )
  return new Map([
    ...programs.map(({ slug, name }) => [slug, { name, path: `/programs/${slug}` }] as const),
    ...tenants.flat(),
  ])
}

/** Every fitting event in people's words, the newest first, read page by page. */
export async function* auditLines(
  organisationId: string,
  query: AuditQuery,
): AsyncGenerator<readonly string[]> {
  yield ['When (UTC)', 'Who', 'What', 'About', 'Change', 'Subject', 'Request']
  let before = query.before
  for (;;) {
    const { events, next } = await auditPage(organisationId, { ...query, before })
    const subjects = await subjectsOf(organisationId, events)
    for (const { at, actor, action, subject, detail, requestId } of events)
      yield [
        at,
        actor,
        actionText(action),
        subjects.get(subject)?.name ?? subjectText(action, subject),
        changesOf(detail).map(changeText).join('; '),
        subject,
        requestId ?? '',
      ]
    if (next === null) return
    before = next
  }
}

const changeText = ({ name, before, after }: FieldChange): string =>
  before === null ? `${name}: ${after}` : `${name}: ${before} → ${after}`

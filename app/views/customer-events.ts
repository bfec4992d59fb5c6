/** What people did about a customer, and its syncs, in one order. */
import type { CustomerEvents } from '#app/api/schemas/customer-months.ts'
import { server } from '#app/process/process.ts'
import { auditEventsAbout } from '#db/people/audit.ts'
import { type CustomerSync, syncsOfCustomer } from '#db/runs/synced-months.ts'
import { shownEvent } from './audit.ts'
import { placesOfCustomer } from './customer-months.ts'

const PAGE_SIZE = 50

type Event = CustomerEvents['events'][number]

/** @param page from 1; each reads what the ones before it hold, too, as both are put in one order here */
export async function customerEvents(
  organisationId: string,
  program: string,
  tenantId: string,
  page: number,
): Promise<CustomerEvents> {
  const { db } = server()
  const agreementIds = (await placesOfCustomer(organisationId, program, tenantId)).map(
    (place) => place.agreementId,
  )
  const limit = page * PAGE_SIZE + 1
  const [people, syncs] = await Promise.all([
    auditEventsAbout(db, organisationId, { program, tenantId, agreementIds }, limit),
    syncsOfCustomer(db, organisationId, program, { tenantId, agreementIds }, limit),
  ])
  const all: Event[] = [
    ...people.map((event) => ({ of: 'audit' as const, event: shownEvent(event) })),
    ...syncs.flatMap(shownSync),
  ]
  const newest = all.toSorted((a, b) => b.event.at.localeCompare(a.event.at))
  const end = page * PAGE_SIZE
  return { events: newest.slice(end - PAGE_SIZE, end), page, hasMore: newest.length > end }
}

const shownSync = ({ item, run }: CustomerSync): Event[] =>
  item.finishedAt === null || item.status === null
    ? []
    : [
        {
          of: 'sync',
          event: {
            id: run.id,
            at: item.finishedAt.toISOString(),
            actor: run.actor,
            agreementName: item.agreementName,
            status: item.status,
            note: item.message ?? run.note,
            firstPeriod: item.firstPeriod,
            lastPeriod: item.lastPeriod,
            kind: run.undoes !== null ? 'undo' : run.setsBack !== null ? 'set-back' : 'sync',
          },
        },
      ]

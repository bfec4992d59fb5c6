import type { Metadata } from 'next'
import Link from 'next/link'
import { type CustomerEvents, customerEventsQuerySchema } from '#app/api/schemas/customer-months.ts'
import { type SearchParams, searchOf } from '#app/http/search-params.ts'
import { StatusChip } from '#app/ui/kit/chip.tsx'
import { LocalTime } from '#app/ui/kit/local-time.tsx'
import table from '#app/ui/kit/table.module.css'
import { TableHead } from '#app/ui/kit/table-head.tsx'
import { customerEvents } from '#app/views/customer-events.ts'
import { invoicesOfUsage } from '#lib/billing/invoice-month.ts'
import audit from '../../../../../audit/audit.module.css'
import { changesOf } from '../../../../../audit/changes-of.ts'
import { eventText } from '../../../../../audit/words.ts'
import styles from '../../customers.module.css'
import { type CustomerParams, customerPage, titleOf } from '../customer-page.ts'

interface PageProps {
  readonly params: CustomerParams
  readonly searchParams: SearchParams
}

export const generateMetadata = ({ params }: PageProps): Promise<Metadata> => titleOf(params, 'Audit')

/** Who did what about the customer, its syncs among it. */
export default async function CustomerAuditPage({ params, searchParams }: PageProps) {
  const { principal, program, customer, path } = await customerPage('audit.read', params)
  const { query } = await searchOf(customerEventsQuerySchema, searchParams)
  const { events, page, hasMore } = await customerEvents(
    principal.organisationId,
    program.slug,
    customer.tenantId,
    query.page,
  )
  if (events.length === 0) return <p className={styles['none']}>Nothing was done about this customer yet.</p>
  return (
    <>
      <div className={table['panel']}>
        <table className={[table['table'], audit['events']].join(' ')}>
          <TableHead columns={['When', 'Who', 'What', 'Change']} />
          <tbody>
            {events.map((each) => (
              <EventRow key={`${each.of}/${each.event.id}`} each={each} />
            ))}
          </tbody>
        </table>
      </div>
      <nav className={audit['more']} aria-label="Pages">
        {page === 1 ? null : <Link href={`${path}/audit?page=${page - 1}`}>Newer</Link>}{' '}
        {hasMore ? <Link href={`${path}/audit?page=${page + 1}`}>Older</Link> : null}
      </nav>
    </>
  )
}

/** Ids of records say nothing to a person here. */
const IDS = [
  'tenantId',
  'companyId',
  'agreementId',
  'agreementIds',
  'runId',
  'invoiceId',
  'readingId',
  'linesHash',
]

/** Of the event, and of what was before and after. */
const withoutIds = (detail: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(detail)
      .filter(([name]) => !IDS.includes(name))
      .map(([name, value]: [string, unknown]) => [
        name,
        ['before', 'after'].includes(name) && typeof value === 'object' && value !== null
          ? withoutIds(value)
          : value,
      ]),
  )

function EventRow({ each }: { each: CustomerEvents['events'][number] }) {
  const { at, actor } = each.event
  return (
    <tr>
      <td className={audit['when']}>
        <LocalTime at={at} />
      </td>
      <td>{actor}</td>
      {each.of === 'sync' ? <SyncCells event={each.event} /> : <AuditCells event={each.event} />}
    </tr>
  )
}

type Sync = Extract<CustomerEvents['events'][number], { of: 'sync' }>['event']
type Audited = Extract<CustomerEvents['events'][number], { of: 'audit' }>['event']

const SYNCS: Readonly<Record<Sync['kind'], string>> = {
  sync: 'Synced',
  undo: 'Took a sync back',
  'set-back': 'Set back what was edited by hand',
}

function SyncCells({
  event: { id, kind, status, note, firstPeriod, lastPeriod, agreementName },
}: {
  event: Sync
}) {
  return (
    <>
      <td>
        <Link href={`/runs/${id}`} prefetch={false}>
          {SYNCS[kind]}
        </Link>{' '}
        {status === 'Warning' || status === 'Error' ? <StatusChip status={status} /> : status}
      </td>
      <td>
        {firstPeriod === null ? agreementName : invoicesOfUsage(firstPeriod, lastPeriod ?? firstPeriod)}
        {note === null ? null : <div>{note}</div>}
      </td>
    </>
  )
}

function AuditCells({ event: { action, detail } }: { event: Audited }) {
  const told = withoutIds(detail)
  return (
    <>
      <td>{eventText(action, detail)}</td>
      <td>
        {changesOf(told).map(({ name, before, after }) => (
          <div key={name}>
            {name}: {before === null ? '' : <s>{before}</s>} {after}
          </div>
        ))}
      </td>
    </>
  )
}

import Link from 'next/link'
import { notFound } from 'next/navigation'
import { requirePage } from '#app/http/page-guard.ts'
import { currencyOf } from '#app/process/clients.ts'
import { neverSynced } from '#app/views/never-synced.ts'
import { programBySlug } from '#lib/programs/registry.ts'
import customers from '../../customers.module.css'
import { FirstSyncs } from './first-syncs.tsx'

export const metadata = { title: 'Before Sync is switched on · Prism Pod' }

interface PageProps {
  readonly params: Promise<{ program: string }>
}

/** Customers that are mapped and whose Sync is off, with what their first syncs take and write (E6). */
export default async function FirstSyncsPage({ params }: PageProps) {
  const { organisationId } = await requirePage('customers.many')
  const program = programBySlug((await params).program)
  if (program === undefined) notFound()
  const [found, currency] = await Promise.all([
    neverSynced(organisationId, program.slug),
    currencyOf(organisationId),
  ])
  const path = `/programs/${program.slug}/customers`
  return (
    <>
      <div className={customers['head']}>
        <Link href={`${path}/match`} className={customers['crumb'] ?? ''} prefetch={false}>
          Match customers
        </Link>
        <h2>Before Sync is switched on</h2>
        <p className={customers['facts']}>
          What the first sync of each would take and write. Those that have something blocked are left out
          until you tick them: open one to see each of its additions and to say what they are.
        </p>
        {found.more ? (
          <p className={customers['facts']}>
            Shown are the first {found.customers.length}; the others come once these sync.
          </p>
        ) : null}
      </div>
      {found.customers.length === 0 ? (
        <p className={customers['none']}>
          Nobody is mapped whose Sync is off. <Link href={`${path}/match`}>Match customers</Link>
        </p>
      ) : (
        <FirstSyncs program={program.slug} customers={found.customers} currency={currency} />
      )}
    </>
  )
}

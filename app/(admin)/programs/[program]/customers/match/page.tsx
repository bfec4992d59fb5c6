import Link from 'next/link'
import { notFound } from 'next/navigation'
import { requirePage } from '#app/http/page-guard.ts'
import { server } from '#app/process/process.ts'
import { shownNeverMapped } from '#app/views/never-mapped.ts'
import { lastAcceptance } from '#db/mappings/accepted.ts'
import { customerCounts } from '#db/mappings/customers.ts'
import { programBySlug } from '#lib/programs/registry.ts'
import customers from '../customers.module.css'
import { CompaniesWithoutTenantSection } from './companies-without-tenant.tsx'
import { MatchDesk } from './match-desk.tsx'

export const metadata = { title: 'Match customers · Prism Pod' }

interface PageProps {
  readonly params: Promise<{ program: string }>
}

/** PRISM's customers that are mapped nowhere, with the companies that they may be (J7). */
export default async function MatchPage({ params }: PageProps) {
  const { organisationId } = await requirePage('customers.many')
  const program = programBySlug((await params).program)
  if (program === undefined) notFound()
  const { db } = server()
  const [accepted, never, counts] = await Promise.all([
    lastAcceptance(db, organisationId, program.slug),
    shownNeverMapped(organisationId, program.slug),
    customerCounts(db, organisationId, program.slug),
  ])
  const path = `/programs/${program.slug}/customers`
  return (
    <>
      <div className={customers['head']}>
        <Link href={path} className={customers['crumb'] ?? ''}>
          Customers
        </Link>
        <h2>Match customers</h2>
        <p className={customers['facts']}>
          PRISM’s customers that are mapped nowhere, each with the company and the agreement in ConnectWise
          that it may be. Nobody is mapped without your yes, and their Sync stays off until you have seen what
          it writes first.
        </p>
        <p>
          {counts.mapped === 0 ? (
            'When some are mapped, you see here what their first syncs write, and switch their Sync on.'
          ) : (
            <Link href={`${path}/match/first-syncs`} prefetch={false}>
              Review what the first syncs write: {counts.mapped.toLocaleString('en-GB')} mapped with their
              Sync off
            </Link>
          )}
        </p>
      </div>
      <MatchDesk
        program={program.slug}
        accepted={accepted === null ? null : { ...accepted, at: accepted.at.toISOString() }}
        never={never.customers}
      />
      <CompaniesWithoutTenantSection program={program.slug} />
    </>
  )
}

import { notFound } from 'next/navigation'
import { renewalsQuerySchema } from '#app/api/schemas/renewals.ts'
import { requirePage } from '#app/http/page-guard.ts'
import { type SearchParams, searchOf } from '#app/http/search-params.ts'
import { shownRenewals } from '#app/views/renewals.ts'
import { mayDo } from '#lib/auth/actions.ts'
import { programBySlug } from '#lib/programs/registry.ts'
import { RenewalLists } from './renewal-lists.tsx'

export const metadata = { title: 'Renewals · Prism Pod' }

interface PageProps {
  readonly params: Promise<{ program: string }>
  readonly searchParams: SearchParams
}

/** What ends in the next days, at what price it goes on, and what can still be done about it (J12). */
export default async function RenewalsPage({ params, searchParams }: PageProps) {
  const { organisationId, role } = await requirePage('invoices.read')
  const program = programBySlug((await params).program)
  if (program === undefined) notFound()
  const { within } = (await searchOf(renewalsQuerySchema, searchParams)).query
  return (
    <RenewalLists
      program={program.slug}
      within={within}
      renewals={await shownRenewals(organisationId, program, within)}
      maySay={mayDo(role, 'invoices.decide')}
    />
  )
}

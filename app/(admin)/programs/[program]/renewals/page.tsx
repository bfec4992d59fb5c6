import { notFound } from 'next/navigation'
import { type Span, spans } from '#app/api/schemas/renewals.ts'
import { requirePage } from '#app/http/page-guard.ts'
import { shownRenewals } from '#app/views/renewals.ts'
import { mayDo } from '#lib/auth/actions.ts'
import { programBySlug } from '#lib/programs/registry.ts'
import { RenewalLists } from './renewal-lists.tsx'

export const metadata = { title: 'Renewals · Prism Pod' }

interface PageProps {
  readonly params: Promise<{ program: string }>
  readonly searchParams: Promise<{ within?: string | string[] }>
}

/** What ends in the next days, at what price it goes on, and what can still be done about it (J12). */
export default async function RenewalsPage({ params, searchParams }: PageProps) {
  const { organisationId, role } = await requirePage('invoices.read')
  const program = programBySlug((await params).program)
  if (program === undefined) notFound()
  const asked = (await searchParams).within
  const within: Span = spans.find((each) => each === asked) ?? '30'
  return (
    <RenewalLists
      program={program.slug}
      within={within}
      renewals={await shownRenewals(organisationId, program, within)}
      maySay={mayDo(role, 'invoices.decide')}
    />
  )
}

import { notFound } from 'next/navigation'
import { month as monthSchema } from '#app/api/schemas/fields.ts'
import { monthQuerySchema } from '#app/api/schemas/months.ts'
import { requirePage } from '#app/http/page-guard.ts'
import { type SearchParams, searchOf } from '#app/http/search-params.ts'
import { monthTitle } from '#app/ui/month/standing-text.ts'
import { shownMonth } from '#app/views/months.ts'
import { mayDo } from '#lib/auth/actions.ts'
import { ProductError } from '#lib/base/errors.ts'
import { programBySlug } from '#lib/programs/registry.ts'
import { MonthView } from './month-view.tsx'

interface PageProps {
  readonly params: Promise<{ program: string; period: string }>
  readonly searchParams: SearchParams
}

export async function generateMetadata({ params }: PageProps) {
  const period = monthSchema.safeParse((await params).period).data
  return { title: `${period === undefined ? 'Month' : monthTitle(period)} · Prism Pod` }
}

/** A month over PRISM's whole file: how it stands, the equation, its customers; and closing it (J5). */
export default async function MonthPage({ params, searchParams }: PageProps) {
  const { organisationId, role, via } = await requirePage('invoices.read')
  const { program: slug, period: asked } = await params
  const program = programBySlug(slug)
  const period = monthSchema.safeParse(asked).data
  if (program === undefined || period === undefined) notFound()
  const { query } = await searchOf(monthQuerySchema, searchParams)
  const month = await shownMonth(organisationId, program.slug, period, query).catch((error: unknown) => {
    if (error instanceof ProductError && error.code === 'not-found') return null
    throw error
  })
  if (month === null) notFound()
  return (
    <MonthView
      program={program.slug}
      initial={month}
      query={query}
      mayClose={mayDo(role, 'months.close', via)}
    />
  )
}

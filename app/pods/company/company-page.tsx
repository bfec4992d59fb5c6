import { podAddressSchema } from '#app/api/schemas/page-addresses.ts'
import { type SearchParams, searchOf } from '#app/http/search-params.ts'
import { server } from '#app/process/process.ts'
import { companyFirstPaint } from '#app/views/company-first-paint.ts'
import { podOrigins } from '#lib/members/pod-origins.ts'
import { CompanyFrame } from './company-frame.tsx'

interface CompanyPageProps {
  readonly searchParams: SearchParams
  readonly hostedAs: 'pod' | 'tab'
}

/** The page of the company pod, and of the company tab: the same content on a page's width. */
export async function CompanyPage({ searchParams, hostedAs }: CompanyPageProps) {
  const { org, id: companyId } = (await searchOf(podAddressSchema, searchParams)).query
  const [origins, initial] = await Promise.all([
    podOrigins(server().db, org),
    companyFirstPaint(org, companyId),
  ])
  return (
    <CompanyFrame
      organisation={org}
      origins={origins}
      companyId={companyId}
      initial={initial}
      hostedAs={hostedAs}
    />
  )
}

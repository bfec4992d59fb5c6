import { podAddressSchema } from '#app/api/schemas/page-addresses.ts'
import { type SearchParams, searchOf } from '#app/http/search-params.ts'
import { CompanyFrame } from '#app/pods/company/company-frame.tsx'
import { server } from '#app/process/process.ts'
import { companyFirstPaint } from '#app/views/company-first-paint.ts'
import { podOrigins } from '#lib/members/pod-origins.ts'

/** The company pod's content on a page's width. */
export default async function CompanyTabPage({ searchParams }: { searchParams: SearchParams }) {
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
      hostedAs="tab"
    />
  )
}

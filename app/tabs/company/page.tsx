import type { SearchParams } from '#app/http/search-params.ts'
import { CompanyPage } from '#app/pods/company/company-page.tsx'

export default function CompanyTabPage({ searchParams }: { searchParams: SearchParams }) {
  return <CompanyPage searchParams={searchParams} hostedAs="tab" />
}

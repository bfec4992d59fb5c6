import type { SearchParams } from '#app/http/search-params.ts'
import { CompanyPage } from './company-page.tsx'

export default function CompanyPodPage({ searchParams }: { searchParams: SearchParams }) {
  return <CompanyPage searchParams={searchParams} hostedAs="pod" />
}

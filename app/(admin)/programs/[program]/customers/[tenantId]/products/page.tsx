import type { Metadata } from 'next'
import { productsQuerySchema } from '#app/api/schemas/products.ts'
import { type SearchParams, searchOf } from '#app/http/search-params.ts'
import { orProblem, PageProblem } from '#app/ui/kit/page-problem.tsx'
import { newestQuantities } from '#app/views/customer-months.ts'
import { productsPage } from '#app/views/products.ts'
import { ProductPreview } from '../../../products/preview.tsx'
import { type CustomerParams, customerPage, titleOf } from '../customer-page.ts'

interface PageProps {
  readonly params: CustomerParams
  readonly searchParams: SearchParams
}

export const generateMetadata = ({ params }: PageProps): Promise<Metadata> => titleOf(params, 'Products')

/** The customer's products as a sync would leave them (D5). */
export default async function CustomerProductsPage({ params, searchParams }: PageProps) {
  const { principal, program, customer, path } = await customerPage('products.read', params)
  const { organisationId, actor } = principal
  const { query } = await searchOf(productsQuerySchema, searchParams)
  const [found, quantities] = await Promise.all([
    orProblem(productsPage({ organisationId, program, actor, query, tenantId: customer.tenantId })),
    newestQuantities(organisationId, program.slug, customer.tenantId),
  ])
  return 'problem' in found ? (
    <PageProblem problem={found.problem} />
  ) : (
    <ProductPreview
      found={found}
      query={query}
      path={`${path}/products`}
      csv={`/api${path}/products/csv`}
      quantities={quantities}
      none="No invoice contains this customer yet, and PRISM lists no subscription of it."
    />
  )
}

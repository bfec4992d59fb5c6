import { notFound } from 'next/navigation'
import { productsQuerySchema } from '#app/api/schemas/products.ts'
import { requirePage } from '#app/http/page-guard.ts'
import { type SearchParams, searchOf } from '#app/http/search-params.ts'
import { server } from '#app/process/process.ts'
import { orProblem, PageProblem } from '#app/ui/kit/page-problem.tsx'
import { productsPage } from '#app/views/products.ts'
import { unfinishedProductRun } from '#db/runs/product-runs.ts'
import { mayDo } from '#lib/auth/actions.ts'
import { programBySlug } from '#lib/programs/registry.ts'
import { ProductPreview } from './preview.tsx'
import styles from './products.module.css'
import { SyncProducts } from './sync-products.tsx'

export const metadata = { title: 'Products · Prism Pod' }

interface PageProps {
  readonly params: Promise<{ program: string }>
  readonly searchParams: SearchParams
}

/** What a product sync would write, before anything is written, also while Sync is off (D5). */
export default async function ProductsPage({ params, searchParams }: PageProps) {
  const { organisationId, actor, role } = await requirePage('products.read')
  const program = programBySlug((await params).program)
  if (program === undefined) notFound()
  const { query } = await searchOf(productsQuerySchema, searchParams)
  const [found, running] = await Promise.all([
    orProblem(productsPage({ organisationId, program, actor, query, tenantId: null })),
    unfinishedProductRun(server().db, organisationId, program.slug),
  ])
  return (
    <>
      <div className={styles['head']}>
        <p>The PRISM price list against ConnectWise’s product catalog, as a sync would leave it.</p>
        {mayDo(role, 'products.sync') ? (
          <SyncProducts program={program.slug} running={running?.id ?? null} />
        ) : null}
      </div>
      {'problem' in found ? (
        <PageProblem problem={found.problem} />
      ) : (
        <ProductPreview
          found={found}
          query={query}
          path={`/programs/${program.slug}/products`}
          csv={`/api/programs/${program.slug}/products/csv`}
          none="PRISM’s price list has not been read yet."
        />
      )}
    </>
  )
}

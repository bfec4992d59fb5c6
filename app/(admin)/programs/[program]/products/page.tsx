import Link from 'next/link'
import { notFound } from 'next/navigation'
import { productStates, productsQuerySchema, type ShownProducts } from '#app/api/schemas/products.ts'
import { requirePage } from '#app/server/page-guard.ts'
import { productsPage } from '#app/server/products.ts'
import { Note } from '#app/ui/note.tsx'
import { mayDo } from '#lib/auth/actions.ts'
import { errorKinds, ProductError } from '#lib/base/errors.ts'
import { programBySlug } from '#lib/programs/registry.ts'
import { ProductTable } from './product-table.tsx'
import styles from './products.module.css'
import { STATES } from './states.ts'
import { SyncProducts } from './sync-products.tsx'

export const metadata = { title: 'Products · Prism Pod' }

type Search = Record<string, string | string[] | undefined>

interface PageProps {
  readonly params: Promise<{ program: string }>
  readonly searchParams: Promise<Search>
}

/** What a product sync would write, before anything is written, also while Sync is off (D5). */
export default async function ProductsPage({ params, searchParams }: PageProps) {
  const { organisationId, actor, role } = await requirePage('products.read')
  const program = programBySlug((await params).program)
  if (program === undefined) notFound()
  const asked = productsQuerySchema.safeParse(await searchParams)
  const query = asked.success ? asked.data : productsQuerySchema.parse({})
  const found = await productsPage({ organisationId, program, actor, query }).catch((error: unknown) => {
    if (error instanceof ProductError) return error
    throw error
  })
  return (
    <>
      <div className={styles['head']}>
        <div>
          <h1>Products</h1>
          <p className={styles['lead']}>
            The PRISM price list against ConnectWise’s product catalog, as a sync would leave it.
          </p>
        </div>
        {mayDo(role, 'products.sync') ? <SyncProducts program={program.slug} /> : null}
      </div>
      {found instanceof ProductError ? (
        <Note tone="bad" remedy={errorKinds[found.code].remedy}>
          {found.detail}
        </Note>
      ) : (
        <Preview found={found} query={query} program={program.slug} />
      )}
    </>
  )
}

interface PreviewProps {
  readonly found: ShownProducts
  readonly query: { readonly search: string; readonly state: string; readonly page: number }
  readonly program: string
}

function Preview({ found, query, program }: PreviewProps) {
  const { search, state } = query
  const path = `/programs/${program}/products`
  const address = (more: Record<string, string>) =>
    `${path}?${new URLSearchParams({ search, state, ...more })}`
  const total = productStates.reduce((sum, each) => sum + (found.counts[each] ?? 0), 0)
  const written = (found.counts.create ?? 0) + (found.counts.change ?? 0)
  const filters = [
    { state: '', text: 'All', count: total },
    { state: 'written', text: 'Would be written', count: written },
    ...productStates.map((each) => ({
      state: each,
      text: STATES[each].text,
      count: found.counts[each] ?? 0,
    })),
  ].filter(({ count, state: each }) => count > 0 || each === state || each === '' || each === 'written')
  const pages = Math.max(1, Math.ceil(found.total / found.pageSize))
  return (
    <>
      <nav className={styles['filters']} aria-label="States">
        {filters.map((filter) => (
          <Link
            key={filter.state}
            href={address({ state: filter.state })}
            aria-current={filter.state === state ? 'true' : undefined}
          >
            {filter.text} <b>{filter.count.toLocaleString('en-GB')}</b>
          </Link>
        ))}
      </nav>
      <form className={styles['search']} method="get">
        <input type="hidden" name="state" value={state} />
        <input
          type="search"
          name="search"
          aria-label="Search products"
          placeholder="SKU or name"
          defaultValue={search}
        />
        <a href={`/api/programs/${program}/products/csv?${new URLSearchParams({ search, state })}`} download>
          CSV
        </a>
      </form>
      {found.products.length === 0 ? (
        <p className={styles['none']}>
          {total === 0 ? 'PRISM’s price list has not been read yet.' : 'Nothing fits.'}
        </p>
      ) : (
        <ProductTable products={found.products} />
      )}
      {pages === 1 ? null : (
        <p className={styles['pages']}>
          {found.page > 1 ? <Link href={address({ page: String(found.page - 1) })}>Previous</Link> : null}
          <span>
            Page {found.page} of {pages}
          </span>
          {found.page < pages ? <Link href={address({ page: String(found.page + 1) })}>Next</Link> : null}
        </p>
      )}
    </>
  )
}

import type { z } from 'zod'
import { productStates, type productsQuerySchema, type ShownProducts } from '#app/api/schemas/products.ts'
import { Filters, Pages, Search, SearchNote } from '#app/ui/kit/filters.tsx'
import { LocalTime } from '#app/ui/kit/local-time.tsx'
import { ProductTable, type Quantities } from './product-table.tsx'
import styles from './products.module.css'
import { STATES } from './states.ts'

interface PreviewProps {
  readonly found: ShownProducts
  readonly query: z.output<typeof productsQuerySchema>
  /** Where the page is, and where its CSV comes from. */
  readonly path: string
  readonly csv: string
  /** Said where there is not a single product. */
  readonly none: string
  readonly quantities?: Quantities
}

/** Products with their states: counts on top, filters, search, pages, CSV (D5). */
export function ProductPreview({ found, query, path, csv, none, quantities }: PreviewProps) {
  const { search, state } = query
  const kept = found.preview === null ? {} : { preview: found.preview }
  const address = (more: Record<string, string>) =>
    `${path}?${new URLSearchParams({ search, state, ...kept, ...more })}`
  const total = productStates.reduce((sum, each) => sum + (found.counts[each] ?? 0), 0)
  if (total === 0) return <p className={styles['none']}>{none}</p>
  const written = (['create', 'change', 'take-over'] as const).reduce(
    (sum, each) => sum + (found.counts[each] ?? 0),
    0,
  )
  const filters = [
    { value: '', text: 'All', count: total },
    { value: 'written', text: 'Would be written', count: written, isAlways: true },
    ...productStates.map((each) => ({
      value: each,
      text: STATES[each].text,
      count: found.counts[each] ?? 0,
    })),
  ]
  return (
    <>
      <Filters
        label="States"
        filters={filters}
        current={state}
        address={(value) => address({ state: value })}
      />
      <Search label="SKU or name" value={search}>
        <a href={`${csv}?${new URLSearchParams({ search, state, ...kept })}`} download>
          CSV
        </a>
        <SearchNote>
          ConnectWise as of <LocalTime at={found.readAt} />
        </SearchNote>
      </Search>
      {found.products.length === 0 ? (
        <p className={styles['none']}>{found.total === 0 ? 'Nothing fits.' : 'This page is past the end.'}</p>
      ) : (
        <ProductTable products={found.products} quantities={quantities} />
      )}
      <Pages
        page={found.page}
        pageSize={found.pageSize}
        total={found.total}
        address={(page) => address({ page: String(page) })}
      />
    </>
  )
}

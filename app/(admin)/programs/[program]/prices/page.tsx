import { notFound } from 'next/navigation'
import { rulesPageQuerySchema } from '#app/api/schemas/price-rules.ts'
import { requirePage } from '#app/http/page-guard.ts'
import { type SearchParams, searchOf } from '#app/http/search-params.ts'
import { server } from '#app/process/process.ts'
import { Search } from '#app/ui/kit/filters.tsx'
import text from '#app/ui/kit/text.module.css'
import { monthsToChoose, productChoices, shownRules } from '#app/views/price-rules.ts'
import { tenantsByIds } from '#db/prism/tenants.ts'
import { mayDo } from '#lib/auth/actions.ts'
import { programBySlug } from '#lib/programs/registry.ts'
import styles from './prices.module.css'
import { AddRule } from './rule-buttons.tsx'
import { RuleList } from './rule-list.tsx'

export const metadata = { title: 'Prices · Prism Pod' }

interface PageProps {
  readonly params: Promise<{ program: string }>
  readonly searchParams: SearchParams
}

/** At which prices additions are written, where that is not PRISM's (J11). */
export default async function PricesPage({ params, searchParams }: PageProps) {
  const { organisationId, role } = await requirePage('prices.read')
  const program = programBySlug((await params).program)
  if (program === undefined) notFound()
  const { query } = await searchOf(rulesPageQuerySchema, searchParams)
  const [rules, products, months, customer] = await Promise.all([
    shownRules(organisationId, program, { search: query.search }),
    productChoices(organisationId, program, null),
    monthsToChoose(organisationId, program),
    customerOf(organisationId, program.slug, query.for),
  ])
  const mayWrite = mayDo(role, 'prices.write')
  const dialog = { program: program.slug, products, months }
  return (
    <div className={styles['page']}>
      <div className={styles['head']}>
        <p>
          Additions are written at PRISM’s retail price. A rule has them written at another one: that of the
          customer and the product wins, then the customer’s, then the product’s, then that of the whole
          program. Azure usage and annual invoices have no rules.
        </p>
        {mayWrite ? (
          <AddRule
            {...dialog}
            currency={rules.currency}
            customer={customer}
            sku={query.sku}
            isOpen={query.for !== '' || query.sku !== ''}
          />
        ) : null}
      </div>
      <Search label="Search rules" value={query.search}>
        {rules.count === 0 ? null : (
          <a
            href={`/api/programs/${program.slug}/price-rules/csv?search=${encodeURIComponent(query.search)}`}
          >
            Download as CSV
          </a>
        )}
      </Search>
      <p className={text['quiet']}>
        {rules.marginPercent === null
          ? 'The margin guard is off: only what is billed below its cost is in To do.'
          : `What is billed at a margin of less than ${rules.marginPercent} % is in To do.`}{' '}
        It is set in the program’s options.
      </p>
      <RuleList
        {...dialog}
        rules={rules}
        mayWrite={mayWrite}
        none={
          query.search === '' ? 'There is no price rule: PRISM’s retail price holds.' : 'No rule matches.'
        }
      />
    </div>
  )
}

const customerOf = async (organisationId: string, program: string, id: string) => {
  const [found] = id === '' ? [] : await tenantsByIds(server().db, organisationId, program, [id])
  return found === undefined ? undefined : { id: found.id, name: found.name }
}

import type { Metadata } from 'next'
import { currencyOf } from '#app/process/clients.ts'
import { moneyText } from '#app/ui/kit/money.ts'
import table from '#app/ui/kit/table.module.css'
import text from '#app/ui/kit/text.module.css'
import { monthsToChoose, productChoices, ruledProducts, shownRules } from '#app/views/price-rules.ts'
import { mayDo } from '#lib/auth/actions.ts'
import type { RulePreviewRow } from '#lib/billing/rule-preview.ts'
import { ruleText, scopeText } from '#lib/billing/rule-text.ts'
import styles from '../../../prices/prices.module.css'
import { AddRule } from '../../../prices/rule-buttons.tsx'
import { RuleList } from '../../../prices/rule-list.tsx'
import { type CustomerParams, customerPage, titleOf } from '../customer-page.ts'

interface PageProps {
  readonly params: CustomerParams
}

export const generateMetadata = ({ params }: PageProps): Promise<Metadata> => titleOf(params, 'Prices')

/** The rules that the customer can have, and which of them wins for what it has (J11). */
export default async function CustomerPricesPage({ params }: PageProps) {
  const { principal, program, customer } = await customerPage('prices.read', params)
  const { organisationId, role } = principal
  const { tenantId } = customer
  const [rules, products, months, ruled, currency] = await Promise.all([
    shownRules(organisationId, program, { search: '', tenantId }),
    productChoices(organisationId, program, tenantId),
    monthsToChoose(organisationId, program),
    ruledProducts(organisationId, program, tenantId),
    currencyOf(organisationId),
  ])
  const mayWrite = mayDo(role, 'prices.write')
  const dialog = { program: program.slug, products, months, customer: { id: tenantId, name: customer.name } }
  return (
    <div className={styles['page']}>
      <div className={styles['head']}>
        <p>
          The rule of the customer and the product wins, then the customer’s, then the product’s, then the
          program’s.
        </p>
        {mayWrite ? <AddRule {...dialog} currency={currency} /> : null}
      </div>
      <RuleList
        {...dialog}
        rules={rules}
        mayWrite={mayWrite}
        none="No price rule is for this customer: PRISM’s retail price holds."
      />
      {ruled.length === 0 ? null : <Ruled rows={ruled} currency={currency} />}
    </div>
  )
}

function Ruled({ rows, currency }: { rows: readonly RulePreviewRow[]; currency: string }) {
  const money = (value: string) => moneyText(value, currency)
  return (
    <section className={styles['page']} aria-label="Which rule wins">
      <h3>Which rule wins</h3>
      <div className={table['panel']}>
        <table className={table['table']}>
          <thead>
            <tr>
              <th scope="col">Product</th>
              <th scope="col">Rule</th>
              <th scope="col" className={styles['figure']}>
                PRISM’s price
              </th>
              <th scope="col" className={styles['figure']}>
                Written at
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={`${row.subscriptionId} ${row.product}`}>
                <td>{row.product}</td>
                <td data-label="Rule">
                  {row.after === null ? '' : `${ruleText(row.after.terms)}, ${scopeText(row.after.scope)}`}
                </td>
                <td data-label="PRISM’s price" className={text['number']}>
                  {row.prices.map(({ prism }) => money(prism)).join(', ')}
                </td>
                <td data-label="Written at" className={text['number']}>
                  {row.prices.map(({ written }) => money(written)).join(', ')}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

import Link from 'next/link'
import type { ShownRules } from '#app/api/schemas/price-rules.ts'
import { LocalTime } from '#app/ui/kit/local-time.tsx'
import table from '#app/ui/kit/table.module.css'
import text from '#app/ui/kit/text.module.css'
import styles from './prices.module.css'
import { RuleButtons } from './rule-buttons.tsx'
import type { RuleDialogProps } from './rule-dialog.tsx'
import { fromText, termsText } from './words.ts'

interface RuleListProps extends Omit<RuleDialogProps, 'onClose' | 'rule' | 'currency'> {
  readonly rules: ShownRules
  readonly mayWrite: boolean
  /** Said where there is none. */
  readonly none: string
}

/** Rules with who said them and when. */
export function RuleList({ rules: { rules, count, currency }, mayWrite, none, ...dialog }: RuleListProps) {
  if (rules.length === 0) return <p className={text['soft']}>{none}</p>
  return (
    <>
      <div className={table['panel']}>
        <table className={table['table']}>
          <thead>
            <tr>
              <th scope="col">Customer</th>
              <th scope="col">Product</th>
              <th scope="col">Price</th>
              <th scope="col">Takes hold</th>
              <th scope="col">Last changed</th>
              {mayWrite ? (
                <th scope="col">
                  <span className={text['hidden']}>What can be done</span>
                </th>
              ) : null}
            </tr>
          </thead>
          <tbody>
            {rules.map((rule) => (
              <tr key={rule.id}>
                <td>
                  {rule.customer === null ? (
                    'All customers'
                  ) : (
                    <Link
                      href={`/programs/${dialog.program}/customers/${encodeURIComponent(rule.customer.id)}/prices`}
                    >
                      {rule.customer.name}
                    </Link>
                  )}
                </td>
                <td data-label="Product">
                  {rule.product === null ? 'All products' : rule.product.name}
                  {rule.product === null ? null : <span className={styles['won']}>{rule.product.sku}</span>}
                </td>
                <td data-label="Price">{termsText(rule.terms, currency)}</td>
                <td data-label="Takes hold">{fromText(rule.from)}</td>
                <td data-label="Last changed">
                  <LocalTime at={rule.changedAt} />
                  <span className={styles['won']}>{rule.changedBy}</span>
                </td>
                {mayWrite ? (
                  <td>
                    <RuleButtons {...dialog} currency={currency} rule={rule} />
                  </td>
                ) : null}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rules.length < count ? (
        <p className={text['quiet']}>
          These are the first {rules.length} of {count}. Search for the others.
        </p>
      ) : null}
    </>
  )
}

import type { ShownRulePreview } from '#app/api/schemas/price-rules.ts'
import { LocalTime } from '#app/ui/kit/local-time.tsx'
import { moneyText, quantityText } from '#app/ui/kit/money.ts'
import { Note } from '#app/ui/kit/note.tsx'
import table from '#app/ui/kit/table.module.css'
import text from '#app/ui/kit/text.module.css'
import { monthName } from '#lib/billing/format.ts'
import { ruleText, scopeText } from '#lib/billing/rule-text.ts'
import styles from './prices.module.css'
import { previewText } from './words.ts'

interface PreviewProps {
  readonly preview: ShownRulePreview
  readonly isRemoval?: boolean
}

/** What a change of the rules does, before it is saved. */
export function RulePreview({ preview, isRemoval = false }: PreviewProps) {
  const { belowCost, belowMargin, readAt, unread, period, rows, subscriptions, currency } = preview
  return (
    <div className={styles['preview']} role="status">
      {previewText(preview, isRemoval).map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {belowCost === 0 ? null : (
        <Note tone="bad">
          {belowCost} of them {belowCost === 1 ? 'is' : 'are'} then billed below cost.
        </Note>
      )}
      {belowMargin === 0 ? null : (
        <Note tone="warn">
          {belowMargin} of them {belowMargin === 1 ? 'leaves' : 'leave'} less than the margin that the program
          asks for.
        </Note>
      )}
      {unread === 0 ? null : (
        <Note tone="warn">
          {unread} {unread === 1 ? 'agreement was' : 'agreements were'} never read, so nothing is told of{' '}
          {unread === 1 ? 'it' : 'them'}.
        </Note>
      )}
      {rows.length === 0 ? null : (
        <section
          className={[table['panel'], styles['rows']].join(' ')}
          aria-label="What changes"
          tabIndex={0}
        >
          <table className={table['table']}>
            <thead>
              <tr>
                <th scope="col">Customer</th>
                <th scope="col">Product</th>
                <th scope="col" className={styles['figure']}>
                  Quantity
                </th>
                <th scope="col" className={styles['figure']}>
                  PRISM’s price
                </th>
                <th scope="col" className={styles['figure']}>
                  Written at
                </th>
                <th scope="col" className={styles['figure']}>
                  Next month
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <Row key={`${row.subscriptionId} ${row.product}`} row={row} currency={currency} />
              ))}
            </tbody>
          </table>
        </section>
      )}
      <p className={text['quiet']}>
        {rows.length < subscriptions ? `These are the ${rows.length} that move most. ` : ''}
        {period === null ? null : `By the usage of ${monthName(period)}`}
        {readAt === null ? null : (
          <>
            , and agreements as they were read last, none before <LocalTime at={readAt} />
          </>
        )}
        {period === null ? null : '.'}
      </p>
    </div>
  )
}

function Row({ row, currency }: { row: ShownRulePreview['rows'][number]; currency: string }) {
  const money = (value: string) => moneyText(value, currency)
  const { customer, product, quantity, prices, now, changed, after } = row
  return (
    <tr>
      <td>{customer.name}</td>
      <td data-label="Product">{product}</td>
      <td data-label="Quantity" className={text['number']}>
        {quantityText(quantity)}
      </td>
      <td data-label="PRISM’s price" className={text['number']}>
        {prices.map(({ prism }) => money(prism)).join(', ')}
      </td>
      <td data-label="Written at" className={text['number']}>
        {prices.map(({ written }) => money(written)).join(', ')}
        <span className={styles['won']}>
          {after === null ? 'no rule' : `${ruleText(after.terms)}, ${scopeText(after.scope)}`}
        </span>
      </td>
      <td data-label="Next month" className={text['number']}>
        {now === changed ? money(now) : `${money(now)} → ${money(changed)}`}
      </td>
    </tr>
  )
}

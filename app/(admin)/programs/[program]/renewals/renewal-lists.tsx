import Link from 'next/link'
import { Fragment, type ReactNode } from 'react'
import { type Renewals, type Span, spans } from '#app/api/schemas/renewals.ts'
import { Downloads } from '#app/ui/kit/downloads.tsx'
import { Filters } from '#app/ui/kit/filters.tsx'
import { isNegative, isZero, moneyText, quantityText } from '#app/ui/kit/money.ts'
import table from '#app/ui/kit/table.module.css'
import text from '#app/ui/kit/text.module.css'
import { shortDay } from '#lib/billing/format.ts'
import type { Money } from '#lib/billing/types.ts'
import styles from './renewals.module.css'
import { TermEnd } from './term-end.tsx'
import { unbilledTexts } from './words.ts'

interface ListsProps {
  readonly program: string
  readonly within: Span
  readonly renewals: Renewals
  /** Whether the person may say when a term ends. */
  readonly maySay: boolean
}

/** First what can be lost by waiting, then what renews. */
export function RenewalLists({ program, within, renewals: of, maySay }: ListsProps) {
  const money = (value: Money) => moneyText(value, of.currency)
  return (
    <div className={styles['page']}>
      <p className={styles['lead']}>{sentenceOf(of, within)}</p>
      <Filters
        label="Within"
        current={within}
        address={(value) => `/programs/${program}/renewals?within=${value}`}
        filters={spans.map((value) => ({
          value,
          text: `${value} days`,
          count: of.counts[value],
          isAlways: true,
        }))}
      />
      <Downloads path={`/api/programs/${program}/renewals/csv?within=${within}`} />
      <List
        title="Can still be given back"
        says="Microsoft takes seats back within 7 days of when they were added, and not after."
        list={of.giveBacks}
        columns={[words('Customer'), words('Product'), figure('Seats added'), words('Until')]}
        row={({ tenantId, customer, product, seats, until }) => [
          <Customer key="c" program={program} id={tenantId} name={customer} />,
          product,
          quantityText(seats),
          shortDay(until),
        ]}
      />
      <List
        title="In paid extension"
        says={`These terms were neither renewed nor cancelled, and go on by the month for more: at least ${money(of.surcharge.price)} a month too much in all. Renew them in PRISM, or cancel them.`}
        list={of.extended}
        columns={[
          words('Customer'),
          words('Product'),
          figure('Quantity'),
          figure('A month'),
          figure('Of it for the extension'),
        ]}
        row={({ tenantId, customer, product, quantity, now, surcharge }) => [
          <Customer key="c" program={program} id={tenantId} name={customer} />,
          product,
          quantityText(quantity),
          money(now.price),
          `at least ${money(surcharge.price)}`,
        ]}
      />
      <List
        title="Annual terms that are billed nowhere"
        says={`The newest invoice charges ${money(of.charged.price)} for them, and no agreement bills it.`}
        list={of.unbilled}
        columns={[words('Customer'), words('Product'), figure('Invoiced'), words('Why')]}
        row={({ tenantId, customer, product, why, charged }) => [
          <Customer key="c" program={program} id={tenantId} name={customer} />,
          product,
          money(charged.price),
          unbilledTexts[why],
        ]}
      />
      <List
        title={`Ends within ${within} days`}
        says="The price to come is that of today’s price list. A term is counted from its first purchase, unless somebody said when it ends."
        list={of.renewals}
        none={`No term ends within ${within} days.`}
        columns={[
          words('Customer'),
          words('Product'),
          figure('Quantity'),
          words('Last day'),
          figure('Now'),
          figure('By the price list'),
          figure('Difference'),
        ]}
        row={(each) => [
          <Customer key="c" program={program} id={each.tenantId} name={each.customer} />,
          each.product,
          quantityText(each.quantity),
          <Fragment key="d">
            {shortDay(each.endsOn)} {each.isSaid ? <span className={text['quiet']}>as was said</span> : null}{' '}
            {maySay ? <TermEnd program={program} of={each} today={of.today} /> : null}
          </Fragment>,
          `${money(each.now.price)} a ${each.billedBy}`,
          each.next === null ? 'not known' : money(each.next.price),
          each.difference === null ? '' : signed(each.difference.price, money),
        ]}
      />
      <List
        title="Of which nothing tells the end"
        says="PRISM gives no day of purchase for these, or its invoice no length of the term."
        list={of.withoutEnd}
        columns={[words('Customer'), words('Product'), words('Last day')]}
        row={(each) => [
          <Customer key="c" program={program} id={each.tenantId} name={each.customer} />,
          each.product,
          maySay ? (
            <TermEnd
              key="t"
              program={program}
              of={{ ...each, endsOn: null, isSaid: false }}
              today={of.today}
            />
          ) : (
            'not known'
          ),
        ]}
      />
    </div>
  )
}

const sentenceOf = ({ renewals, monthly, currency }: Renewals, within: Span): string => {
  if (renewals.count === 0) return `No term ends in the next ${within} days.`
  const terms = renewals.count === 1 ? '1 term ends' : `${renewals.count} terms end`
  const prices = isZero(monthly.now.price)
    ? ''
    : ` Those with a price to come cost ${moneyText(monthly.now.price, currency)} a month now, and ${moneyText(monthly.next.price, currency)} by today’s price list.`
  return `In the next ${within} days ${terms}.${prices}`
}

const signed = (value: Money, money: (value: Money) => string): string =>
  isNegative(value) || isZero(value) ? money(value) : `+${money(value)}`

function Customer({ program, id, name }: { program: string; id: string; name: string }) {
  if (id === '') return name
  return <Link href={`/programs/${program}/customers/${encodeURIComponent(id)}`}>{name || id}</Link>
}

interface ListProps<T> {
  readonly title: string
  readonly says: string
  readonly list: { readonly count: number; readonly items: readonly T[] }
  readonly columns: readonly ColumnOfList[]
  readonly row: (item: T) => readonly ReactNode[]
  /** Said where the list is empty; left out, an empty list is not shown. */
  readonly none?: string
}

interface ColumnOfList {
  readonly name: string
  readonly className: string | undefined
}
const words = (name: string): ColumnOfList => ({ name, className: undefined })
const figure = (name: string): ColumnOfList => ({ name, className: text['number'] })

function List<T extends { readonly subscriptionId: string }>({
  title,
  says,
  list,
  columns,
  row,
  none,
}: ListProps<T>) {
  if (list.count === 0 && none === undefined) return null
  return (
    <section className={styles['list']} aria-label={title}>
      <h2>
        {title} <span className={text['quiet']}>{list.count}</span>
      </h2>
      <p className={text['soft']}>{list.count === 0 ? none : says}</p>
      {list.count === 0 ? null : (
        <div className={table['panel']}>
          <table className={table['table']}>
            <thead>
              <tr>
                {columns.map(({ name, className }) => (
                  <th key={name} scope="col" className={className}>
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {list.items.map((item, at) => (
                // A subscription may have several of a kind.
                <tr key={`${item.subscriptionId} ${at}`}>
                  {columns.map(({ name, className }, column) => (
                    <td key={name} data-label={name} className={className}>
                      {row(item)[column]}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {list.items.length < list.count ? (
        <p className={text['quiet']}>
          These are the first {list.items.length} of {list.count}.
        </p>
      ) : null}
    </section>
  )
}

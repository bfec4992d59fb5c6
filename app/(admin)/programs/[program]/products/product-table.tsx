import type { ShownProducts } from '#app/api/schemas/products.ts'
import { Amount } from '#app/ui/kit/amount.tsx'
import { Mark } from '#app/ui/kit/mark.tsx'
import { quantityText } from '#app/ui/kit/money.ts'
import table from '#app/ui/kit/table.module.css'
import type { Quantity } from '#lib/billing/types.ts'
import styles from './products.module.css'
import { STATES } from './states.ts'

type Product = ShownProducts['products'][number]

/** Of a customer: what it has at the end of its newest month, by SKU in lower case. */
export type Quantities = Readonly<Record<string, Quantity>>

interface ProductTableProps {
  readonly products: readonly Product[]
  readonly quantities?: Quantities | undefined
}

export function ProductTable({ products, quantities }: ProductTableProps) {
  return (
    <div className={table['panel']}>
      <table className={[table['table'], styles['products']].join(' ')}>
        <thead>
          <tr>
            <th scope="col">Product</th>
            <th scope="col">State</th>
            <th scope="col">In ConnectWise</th>
            {quantities === undefined ? null : (
              <th scope="col" className={styles['amount']}>
                Quantity
              </th>
            )}
            <th scope="col" className={styles['amount']}>
              Cost
            </th>
            <th scope="col" className={styles['amount']}>
              Price
            </th>
          </tr>
        </thead>
        <tbody>
          {products.map((product) => (
            <Row key={product.sku} product={product} quantities={quantities} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

const takenOverText = (identifier: string): string =>
  `Taken over from ${/^p\d+[my]:[ma]/i.test(identifier) ? 'PRISM Connect’s ' : ''}item ${identifier}: it gets the SKU as Vendor SKU.`

function Row({ product, quantities }: { product: Product; quantities: Quantities | undefined }) {
  const { tone, text, why } = STATES[product.state]
  const [item] = product.items
  const linked = product.items.length === 1 ? item : undefined
  return (
    <tr>
      <td className={styles['product']}>
        {product.name}
        <span>
          {product.sku}
          {product.inUse ? ' · in use' : ''}
        </span>
        {product.sameWhenCut.length === 0 ? null : (
          <span>Named the same in ConnectWise as {product.sameWhenCut.join(', ')}</span>
        )}
      </td>
      <td>
        <Mark tone={tone}>{text}</Mark>
        <span className={styles['why']}>
          {product.state === 'take-over' && item !== undefined ? takenOverText(item.identifier) : why}
        </span>
        {product.unreadable === null ? null : (
          <span className={styles['why']}>
            {product.unreadable.record}: {product.unreadable.reason}
          </span>
        )}
      </td>
      <td
        className={styles['product']}
        data-label={product.items.length === 0 ? undefined : 'In ConnectWise'}
      >
        {product.items.map(({ id, identifier, inactive }) => (
          <div key={id}>
            {identifier}
            {inactive ? ' (inactive)' : ''}
          </div>
        ))}
      </td>
      {quantities === undefined ? null : (
        <td className={styles['amount']} data-label="Quantity">
          {quantityText(quantities[product.sku.toLowerCase()] ?? '0')}
        </td>
      )}
      <td className={styles['amount']} data-label="Cost">
        <Amount from={linked?.unitCost} to={product.unitCost} />
      </td>
      <td className={styles['amount']} data-label="Price">
        <Amount from={linked?.unitPrice} to={product.unitPrice} />
      </td>
    </tr>
  )
}

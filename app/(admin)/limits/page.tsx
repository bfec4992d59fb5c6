import { requirePage } from '#app/http/page-guard.ts'
import table from '#app/ui/kit/table.module.css'
import styles from './limits.module.css'
import { limits } from './limits.ts'

export const metadata = { title: 'Limits · Prism Pod' }

/** What is inferred about ConnectWise and PRISM, and what the product does not do. */
export default async function LimitsPage() {
  await requirePage('program.read')
  return (
    <>
      <h1>Limits</h1>
      {limits.map(({ title, lead, items }) => (
        <section key={title} className={styles['part']} aria-label={title}>
          <h2>{title}</h2>
          <p className={styles['lead']}>{lead}</p>
          <ul className={[table['panel'], styles['items']].join(' ')}>
            {items.map((item) => (
              <li key={item}>{item}</li>
            ))}
          </ul>
        </section>
      ))}
    </>
  )
}

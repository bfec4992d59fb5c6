import { lazy, Suspense } from 'react'
import { moneyText, share } from '#app/ui/kit/money.ts'
import { invoicedOfSynced, verdict } from './agreement-of-amounts.ts'
import { creditsProved } from './credits-proved.ts'
import styles from './proof.module.css'
import type { PeriodPlan } from './shown.ts'

// Most bills agree.
const ProofTerms = lazy(async () => ({ default: (await import('./proof-terms.tsx')).ProofTerms }))

interface ProofProps {
  readonly plan: Pick<PeriodPlan, 'totals' | 'subscriptions'>
  readonly currency: string
  readonly showCost: boolean
  /** Whose and which month's, where a page has several. */
  readonly of: string
}

interface LineProps {
  readonly label: string
  readonly tone: string | undefined
  readonly width: number
  readonly price: string
  readonly cost: string | null
}

function Line({ label, tone, width, price, cost }: LineProps) {
  return (
    <>
      <span className={styles['label']}>{label}</span>
      <div className={styles['bar']} aria-hidden>
        {/* An svg has its width as an attribute; the page's policy lets no style attribute count. */}
        <svg className={[styles['fill'], tone].filter(Boolean).join(' ')} width={`${width * 96}%`} />
      </div>
      <span className={styles['figure']}>
        {price}
        {cost === null ? null : <span className={styles['cost']}> · cost {cost}</span>}
      </span>
    </>
  )
}

/** The one line before any table: what PRISM invoiced against what the additions bill, and every cent between them. */
export function Proof({ plan: { totals, subscriptions }, currency, showCost, of }: ProofProps) {
  const failing = subscriptions.filter(({ status }) => status === 'Error').length
  const waiting = subscriptions.filter(({ waits }) => waits !== undefined).length
  const price = verdict(totals, 'price', failing, waiting)
  const cost = verdict(totals, 'cost', failing, waiting)
  const invoiced = { price: invoicedOfSynced(totals, 'price'), cost: invoicedOfSynced(totals, 'cost') }
  const { billed } = totals
  const credits = creditsProved(subscriptions, currency)
  return (
    <section className={styles['proof']} aria-label={`PRISM’s invoice against the additions: ${of}`}>
      <Line
        label="PRISM invoiced"
        tone={undefined}
        width={share(invoiced.price, billed.price)}
        price={moneyText(invoiced.price, currency)}
        cost={showCost ? moneyText(invoiced.cost, currency) : null}
      />
      <Line
        label="Additions bill"
        tone={price.tone === 'good' ? styles['billed'] : styles['differs']}
        width={share(billed.price, invoiced.price)}
        price={moneyText(billed.price, currency)}
        cost={showCost && billed.cost !== undefined ? moneyText(billed.cost, currency) : null}
      />
      {credits === null ? null : <div className={styles['say']}>{credits}</div>}
      {[{ ...price, of: '' }, ...(showCost ? [{ ...cost, of: 'Cost: ' }] : [])].map(
        ({ tone, sentence, terms, of: which }) => (
          <div key={which} className={[styles['say'], styles[tone]].join(' ')}>
            {which}
            {sentence}
            {terms.length === 0 ? null : (
              <Suspense>
                <ProofTerms terms={terms} />
              </Suspense>
            )}
          </div>
        ),
      )}
    </section>
  )
}

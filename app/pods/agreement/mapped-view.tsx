'use client'
import { useState } from 'react'
import type { MappedContent, SyncResult } from '#app/api/schemas/pod.ts'
import { Refused } from '#app/hooks/pod-api.ts'
import type { Pod } from '#app/hooks/use-pod.ts'
import { Button } from '#app/ui/button.tsx'
import { daysText, periodText } from '#app/ui/day-text.ts'
import { Note } from '#app/ui/note.tsx'
import { Findings } from '#app/ui/plan/findings.tsx'
import { IgnoredLines } from '#app/ui/plan/ignored-lines.tsx'
import { Proof } from '#app/ui/plan/proof.tsx'
import { SubscriptionTable } from '#app/ui/plan/subscription-table.tsx'
import styles from './agreement-pod.module.css'
import { PodHeader } from './pod-header.tsx'
import { PreviewDialog } from './preview-dialog.tsx'
import { SyncProgressBar } from './sync-progress.tsx'
import { TenantsOff } from './tenants-off.tsx'

const CUSTOMERS = '/api/programs/microsoft-csp/customers'

interface MappedViewProps {
  readonly content: MappedContent
  readonly pod: Pod
  readonly refresh: () => Promise<unknown>
}

function ResultPeriods({
  result,
  content,
  showCost,
}: {
  result: SyncResult
  content: MappedContent
  showCost: boolean
}) {
  const tenantNames = new Map(content.tenants.map(({ id, name }) => [id, name]))
  return result.periods.map((plan) => (
    <section key={`${plan.period}/${plan.invoiceId}`} aria-label={`${periodText(plan.period)} usage`}>
      {result.periods.length === 1 ? null : (
        <h2 className={styles['period']}>{periodText(plan.period)} usage</h2>
      )}
      <div className={styles['stack']}>
        <Proof totals={plan.totals} currency={content.currency} showCost={showCost} />
        {plan.findings.length === 0 ? null : <Findings findings={plan.findings} />}
      </div>
      {plan.subscriptions.length === 0 ? null : (
        <SubscriptionTable plan={plan} showCost={showCost} tenantNames={tenantNames} />
      )}
      <IgnoredLines lines={plan.ignored} total={plan.totals.ignored.price} currency={content.currency} />
    </section>
  ))
}

/** E6: which invoice and which usage a first sync takes. */
function NothingYet({ content }: { content: MappedContent }) {
  const first = content.tenants.find(({ firstSync }) => firstSync !== null)?.firstSync
  const text = first
    ? `Not synced yet. The first sync takes the ${periodText(first.period)} invoice: usage of ${monthDays(first.period)}.`
    : 'No invoice contains this customer yet; additions come with the first that does.'
  return (
    <div className={styles['inset']}>
      <Note tone="quiet">{text}</Note>
    </div>
  )
}

function monthDays(period: string): string {
  const [year = 0, month = 0] = period.split('-').map(Number)
  const last = new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10)
  return daysText(`${period}-01`, last)
}

export function MappedView({ content, pod, refresh }: MappedViewProps) {
  const [showCost, setShowCost] = useState(false)
  const [previewing, setPreviewing] = useState(false)
  const [starting, setStarting] = useState(false)
  const [refusal, setRefusal] = useState<Refused | null>(null)
  const { result, running, tenants, company } = content
  const syncing = tenants.find(({ syncs }) => syncs)
  const [tenant] = tenants

  const attempt = async (work: () => Promise<unknown>) => {
    setRefusal(null)
    try {
      await work()
      await refresh()
    } catch (error) {
      if (error instanceof Refused) setRefusal(error)
      else throw error
    }
  }

  const syncNow = async () => {
    setPreviewing(false)
    setStarting(true)
    await attempt(() => pod.api.send('POST', `${CUSTOMERS}/${syncing?.id}/sync`))
    setStarting(false)
  }

  const subscriptions = result?.periods[0]?.subscriptions.length ?? 0
  return (
    <>
      <PodHeader content={content}>
        <Button onClick={() => setPreviewing(true)} disabled={tenant === undefined}>
          Preview
        </Button>
        <Button
          tone="primary"
          onClick={() => void syncNow()}
          disabled={syncing === undefined || running !== null || starting || !content.may.sync}
          title={
            content.may.sync
              ? undefined
              : 'Your organisation has not allowed members to sync from ConnectWise.'
          }
        >
          {running !== null || starting ? 'Syncing…' : 'Sync now'}
        </Button>
      </PodHeader>
      <SyncProgressBar
        running={running}
        starting={starting}
        onStop={(runId) => attempt(() => pod.api.send('POST', `/api/runs/${runId}/stop`))}
      />
      {refusal === null ? null : (
        <div className={styles['inset']} role="alert">
          <Note tone="bad" remedy={refusal.problem.remedy}>
            {refusal.problem.detail}
          </Note>
        </div>
      )}
      <TenantsOff
        content={content}
        onSwitchOn={(body, tenantId) =>
          attempt(() => pod.api.send('PUT', `${CUSTOMERS}/${tenantId}/mapping`, body))
        }
      />
      {result === null ? <NothingYet content={content} /> : null}
      {result !== null && (result.message !== null || result.note !== null) ? (
        <div className={styles['inset']}>
          <Note
            tone={result.status === 'Error' ? 'bad' : 'warn'}
            detail={
              result.reference === null
                ? result.detail
                : `${result.detail ?? ''} Reference ${result.reference}.`
            }
            remedy={result.remedy}
          >
            {result.message ?? result.note}
          </Note>
        </div>
      ) : null}
      {result === null ? null : <ResultPeriods result={result} content={content} showCost={showCost} />}
      <footer className={styles['footer']}>
        <span className={styles['counts']}>
          {result === null
            ? content.agreement.name
            : `${subscriptions} ${subscriptions === 1 ? 'subscription' : 'subscriptions'}`}
        </span>
        {result === null ? null : (
          <label>
            <input
              type="checkbox"
              checked={showCost}
              onChange={(event) => setShowCost(event.target.checked)}
            />
            Show cost
          </label>
        )}
        {pod.host === null ? null : (
          <button type="button" className={styles['link']} onClick={() => pod.host?.openCompany(company.id)}>
            Open {company.name}
          </button>
        )}
      </footer>
      {tenant === undefined ? null : (
        <PreviewDialog
          open={previewing}
          api={pod.api}
          planPath={`${CUSTOMERS}/${(syncing ?? tenant).id}/plan`}
          content={content}
          onClose={() => setPreviewing(false)}
          onSync={syncing !== undefined && content.may.sync && running === null ? () => void syncNow() : null}
        />
      )}
    </>
  )
}

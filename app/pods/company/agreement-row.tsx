'use client'
import type { CompanyAgreement, CompanyContent } from '#app/api/schemas/company.ts'
import type { Customer } from '#app/api/schemas/customers.ts'
import { SyncProgressBar } from '#app/pods/shared/sync-progress.tsx'
import { Button } from '#app/ui/kit/button.tsx'
import { StatusChip } from '#app/ui/kit/chip.tsx'
import { LocalTime } from '#app/ui/kit/local-time.tsx'
import { Mark } from '#app/ui/kit/mark.tsx'
import { difference, moneyText } from '#app/ui/kit/money.ts'
import { plannedOf } from '#app/ui/plan/plan-names.ts'
import { PlanTitle } from '#app/ui/plan/plan-title.tsx'
import { type AgreementState, mayBeMapped, stateOf } from './agreement-state.ts'
import styles from './agreement-table.module.css'
import type { ToMap } from './map-customer.tsx'

type Tenant = CompanyAgreement['tenants'][number]

/** What can be done about the company's agreements. */
export interface CompanyActions {
  readonly isStarting: (agreementId: number) => boolean
  /** `from`: what was pressed; it gets the focus back afterwards. */
  readonly onOpen: (agreement: CompanyAgreement, from: string) => void
  readonly onMap: (toMap: ToMap, from: string) => void
  readonly onSync: (agreement: CompanyAgreement) => void
  readonly onStop: (runId: string) => void
}

interface AgreementRowProps extends CompanyActions {
  readonly agreement: CompanyAgreement
  readonly isProgramOn: boolean
  readonly company: CompanyContent['company']
  readonly currency: string
  readonly may: CompanyContent['may']
}

/** An agreement with its customers and this month's proof; its name opens it. */
export function AgreementRow(props: AgreementRowProps) {
  const { agreement, isProgramOn, currency, onOpen } = props
  const { id, name, type, proof, result, running, tenants } = agreement
  const state = stateOf(agreement, isProgramOn)
  const opens = `agreement/${id}`
  return (
    <tr className={tenants.length === 0 ? styles['free'] : undefined}>
      <th scope="row" className={styles['name']}>
        <button type="button" data-key={opens} onClick={() => onOpen(agreement, opens)}>
          {name}
        </button>
        {type === '' ? null : <small>{type}</small>}
      </th>
      <td className={styles['customers']}>
        {tenants.map((tenant) => (
          <OneTenant key={tenant.id} tenant={tenant} {...props} />
        ))}
      </td>
      <Figure label="Invoiced" value={proof?.invoiced} currency={currency} />
      <Figure label="Billed" value={proof?.billed} currency={currency} />
      <Figure
        label="Difference"
        value={proof === null ? undefined : difference(proof.invoiced, proof.billed)}
        currency={currency}
      />
      <td className={styles['state']}>
        <StateMark state={state} agreement={agreement} />
      </td>
      <td className={styles['says']}>
        {state.says === '' || running !== null ? null : (
          <span className={styles[state.tone]}>{state.says}</span>
        )}
        {result === null || proof === null ? null : (
          <small>
            <PlanTitle plan={plannedOf(proof)} /> · synced <LocalTime at={result.finishedAt} />
          </small>
        )}
        <RowProgress {...props} />
      </td>
      <td className={styles['actions']}>
        <RowButton {...props} />
      </td>
    </tr>
  )
}

/** The status in its own word where the bill is right; else what keeps it from being so. */
function StateMark({ state, agreement: { result } }: { state: AgreementState; agreement: CompanyAgreement }) {
  return result?.status === state.word ? (
    <StatusChip status={result.status} />
  ) : (
    <Mark tone={state.tone}>{state.word}</Mark>
  )
}

interface FigureProps {
  readonly label: string
  readonly value: string | undefined
  readonly currency: string
}

function Figure({ label, value, currency }: FigureProps) {
  return (
    <td className={styles['number']} data-label={value === undefined ? undefined : label}>
      {value === undefined ? null : moneyText(value, currency)}
    </td>
  )
}

function OneTenant({
  tenant,
  agreement,
  company,
  may,
  onMap,
}: AgreementRowProps & { readonly tenant: Tenant }) {
  const { id, name, domain, syncs, checkMonth } = tenant
  const key = `tenant/${agreement.id}/${id}`
  return (
    <div className={styles['tenant']}>
      <span>
        {name} <small>{domain}</small>
      </span>
      {syncs || agreement.tenants.length === 1 ? null : <Mark tone="warn">Sync off</Mark>}
      {checkMonth === null ? null : (
        <Mark tone="warn">{`Check before invoicing: ${checkMonth === 1 ? 'first' : 'second'} month`}</Mark>
      )}
      {may.map && !agreement.isOneTime ? (
        <button
          type="button"
          data-key={key}
          className={styles['edit']}
          aria-label={`Edit the mapping of ${name}`}
          onClick={() =>
            onMap({ customer: customerOf(tenant, agreement, company), agreementId: agreement.id }, key)
          }
        >
          ✎
        </button>
      ) : null}
    </div>
  )
}

/** A mapped tenant as the mapping form takes it. */
const customerOf = (
  { id, name, domain, syncs, firstSync }: Tenant,
  { id: agreementId, name: agreementName, result, running, behind }: CompanyAgreement,
  company: CompanyContent['company'],
): Customer => ({
  tenantId: id,
  name,
  domain,
  state: syncs ? 'syncing' : 'mapped',
  running: running !== null,
  mapping: {
    companyId: company.id,
    companyName: company.name,
    agreementId,
    agreementName,
    syncEnabled: syncs,
  },
  annual: null,
  firstSync,
  isBehind: behind !== null,
  lastResult: result,
})

/** How far a sync is, and the way to stop it (G5, F16). */
function RowProgress({ agreement: { running, name }, may, onStop }: AgreementRowProps) {
  return (
    <div aria-live="polite" className={styles['live']}>
      {running === null ? null : (
        <SyncProgressBar label={`Sync of ${name}`} running={running} onStop={may.sync ? onStop : null} />
      )}
    </div>
  )
}

function RowButton({ agreement, isProgramOn, may, isStarting, onMap, onSync }: AgreementRowProps) {
  const { id, name, tenants, running } = agreement
  if (tenants.length === 0) {
    if (!may.map || !mayBeMapped(agreement)) return null
    const key = `map/${id}`
    return (
      <Button
        data-key={key}
        aria-label={`Map a customer to ${name}`}
        onClick={() => onMap({ customer: null, agreementId: id }, key)}
      >
        Map
      </Button>
    )
  }
  const canSync = may.sync && isProgramOn && tenants.some(({ syncs }) => syncs)
  if (!canSync || running !== null) return null
  const text = isStarting(id) ? 'Starting…' : 'Sync now'
  return (
    <Button disabled={isStarting(id)} aria-label={`${text}: ${name}`} onClick={() => onSync(agreement)}>
      {text}
    </Button>
  )
}

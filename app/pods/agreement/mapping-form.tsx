'use client'
import { useEffect, useState } from 'react'
import type { Customer } from '#app/api/schemas/customers.ts'
import type { ShownLeaving } from '#app/api/schemas/leaving.ts'
import type { UnmappedContent } from '#app/api/schemas/pod.ts'
import { Refused } from '#app/hooks/api.ts'
import { useApi } from '#app/hooks/use-api.ts'
import type { Pod } from '#app/hooks/use-pod.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { Note } from '#app/ui/kit/note.tsx'
import { BeginChoice } from '#app/ui/plan/begin-choice.tsx'
import { answerTo, type BeginAnswer, firstSyncText } from '#app/ui/plan/first-sync.ts'
import { type LeavingAnswer, LeavingChoice } from '#app/ui/plan/leaving-choice.tsx'
import styles from './mapping-form.module.css'
import { TenantsMoved } from './tenants-moved.tsx'

const SHOWN = 6

/** What a save was answered with: the customer leaves another agreement, on which something stays open (E5). */
interface Asked {
  readonly leaving: ShownLeaving
  readonly thenSync: boolean
  readonly answer: LeavingAnswer
}

interface MappingFormProps {
  readonly content: UnmappedContent
  readonly pod: Pod
  readonly onMapped: () => void
}

/** Suggested ones until a person searches, then those that are found; none is chosen beforehand (J7). */
function offered(
  { suggested, search }: UnmappedContent,
  searched: string,
  found: readonly Customer[],
): { readonly customer: Customer; readonly says?: string }[] {
  if (searched !== search) return found.slice(0, SHOWN).map((customer) => ({ customer }))
  const ids = new Set(suggested.map(({ customer }) => customer.tenantId))
  const others = found.filter(({ tenantId }) => !ids.has(tenantId))
  return [
    ...suggested.map(({ customer, evidence }) => ({
      customer,
      says: `Suggested: ${evidence.map(({ reason }) => reason).join(', ')}`,
    })),
    ...others.slice(0, SHOWN).map((customer) => ({ customer })),
  ]
}

interface TenantChoiceProps {
  readonly customer: Customer
  readonly says?: string | undefined
  readonly chosen: boolean
  readonly onChoose: () => void
}

function TenantChoice({ customer, says, chosen, onChoose }: TenantChoiceProps) {
  const { name, domain, mapping } = customer
  return (
    <label className={styles['choice']}>
      <input type="radio" name="tenant" checked={chosen} onChange={onChoose} />
      <span>
        {name} <span className={styles['quiet']}>{[domain, says].filter(Boolean).join(' · ')}</span>
        {mapping === null ? null : (
          <span className={styles['quiet']}>
            {' '}
            · now on {mapping.companyName}, {mapping.agreementName}
          </span>
        )}
      </span>
    </label>
  )
}

/** An agreement without a tenant: pick the PRISM customer whose subscriptions it bills (H1). Sync is off until switched on. */
export function MappingForm(props: MappingFormProps) {
  return props.content.may.map ? <Form {...props} /> : <Looking content={props.content} />
}

/** For a member who may not map. */
function Looking({ content }: Pick<MappingFormProps, 'content'>) {
  return (
    <div className={styles['form']}>
      <div>
        <h1>No PRISM customer yet</h1>
        <p className={styles['about']}>
          No customer’s {content.program.name} subscriptions are billed by {content.agreement.name} of{' '}
          {content.company.name}.
        </p>
      </div>
      <TenantsMoved moved={content.moved} />
      <Note tone="quiet" remedy="An owner can allow it in Prism Pod, under Settings, Members of ConnectWise.">
        You can look, but not map or sync.
      </Note>
    </div>
  )
}

function Form({ content, pod, onMapped }: MappingFormProps) {
  const { agreement, company, findings, program } = content
  const { call } = pod.api
  const [search, setSearch] = useState(content.search)
  const [chosen, setChosen] = useState<Customer | null>(null)
  const [syncs, setSyncs] = useState(false)
  const [refusal, setRefusal] = useState<Refused | null>(null)
  const [saving, setSaving] = useState(false)
  const [asked, setAsked] = useState<Asked | null>(null)
  const [answer, setAnswer] = useState<BeginAnswer>({})
  const { data: beginning, isLoading: isReading } = useApi(
    'GET /api/programs/{program}/customers/{tenantId}/beginning',
    chosen === null
      ? null
      : {
          path: { program: program.slug, tenantId: chosen.tenantId },
          query: { agreementId: agreement.id },
        },
    { call, revalidateOnFocus: false, shouldRetryOnError: false },
  )
  const { data } = useApi(
    'GET /api/programs/{program}/customers',
    { path: { program: program.slug }, query: { search } },
    { call, keepPreviousData: true },
  )
  const choices = offered(content, search, data?.customers ?? [])
  const blocked = findings.some(({ severity }) => severity === 'error') || (syncs && isReading)

  useEffect(() => {
    pod.host?.setDirty(chosen !== null)
  }, [pod.host, chosen])

  const save = async (thenSync: boolean, given: LeavingAnswer | null = null) => {
    if (chosen === null) return
    setSaving(true)
    setRefusal(null)
    try {
      const path = { program: program.slug, tenantId: chosen.tenantId }
      const body = {
        companyId: company.id,
        agreementId: agreement.id,
        syncEnabled: syncs,
        ...(given === null ? {} : given === 'leave' ? { leave: true } : { takesOver: given.from }),
        ...(syncs ? answerTo(beginning, answer) : {}),
      }
      await call('PUT /api/programs/{program}/customers/{tenantId}/mapping', { path, body })
      pod.host?.setDirty(false)
      if (thenSync) await call('POST /api/programs/{program}/customers/{tenantId}/sync', { path })
      onMapped()
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      const { leaving } = error.problem
      if (leaving === undefined) setRefusal(error)
      else setAsked({ leaving, thenSync, answer: { from: leaving.takesOver.from } })
    } finally {
      setSaving(false)
    }
  }

  return (
    <form className={styles['form']} onSubmit={(event) => event.preventDefault()}>
      <div>
        <h1>No PRISM customer yet</h1>
        <p className={styles['about']}>
          Pick the customer whose {program.name} subscriptions {agreement.name} of {company.name} bills.
        </p>
      </div>
      <TenantsMoved moved={content.moved} />
      {findings.map(({ code, severity, message, remedy }) => (
        <Note key={code} tone={severity === 'error' ? 'bad' : 'quiet'} remedy={remedy}>
          {message}
        </Note>
      ))}
      <label className={styles['search']}>
        <span>Search PRISM customers</span>
        <input type="search" value={search} onChange={(event) => setSearch(event.target.value)} />
      </label>
      <fieldset className={styles['tenants']}>
        <legend>PRISM customer</legend>
        {choices.map(({ customer, says }) => (
          <TenantChoice
            key={customer.tenantId}
            customer={customer}
            says={says}
            chosen={chosen?.tenantId === customer.tenantId}
            onChoose={() => {
              setChosen(customer)
              setAsked(null)
              setAnswer({})
            }}
          />
        ))}
        {data !== undefined && choices.length === 0 ? (
          <p className={styles['quiet']}>
            No PRISM customer matches “{search}”. Try a shorter name or its domain.
          </p>
        ) : null}
      </fieldset>
      <label className={styles['choice']}>
        <input
          type="checkbox"
          role="switch"
          checked={syncs}
          onChange={(event) => setSyncs(event.target.checked)}
        />
        <span>
          Sync{' '}
          <span className={styles['quiet']}>
            {chosen === null ? '' : firstSyncText(chosen.firstSync?.period)}
          </span>
        </span>
      </label>
      {syncs && beginning !== undefined ? (
        <BeginChoice beginning={beginning} answer={answer} onAnswer={setAnswer} />
      ) : null}
      {refusal === null ? null : (
        <div role="alert">
          <Note tone="bad" remedy={refusal.problem.remedy}>
            {refusal.problem.detail}
          </Note>
        </div>
      )}
      {asked === null ? null : (
        <LeavingChoice
          leaving={asked.leaving}
          goesTo={agreement.name}
          answer={asked.answer}
          onAnswer={(answer) => setAsked({ ...asked, answer })}
        />
      )}
      <div className={styles['actions']}>
        <Button
          tone="primary"
          disabled={chosen === null || blocked || saving}
          onClick={() => void save(asked?.thenSync ?? false, asked?.answer)}
        >
          {asked === null ? 'Save' : 'Move'}
        </Button>
        <Button
          disabled={asked !== null || chosen === null || !syncs || blocked || saving || !content.may.sync}
          onClick={() => void save(true)}
        >
          Save and sync now
        </Button>
      </div>
    </form>
  )
}

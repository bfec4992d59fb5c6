import { useState } from 'react'
import type { Companies } from '#app/api/schemas/connectwise.ts'
import type { Customer } from '#app/api/schemas/customers.ts'
import type { CompanySuggestions } from '#app/api/schemas/suggestions.ts'
import { Refused } from '#app/hooks/api.ts'
import type { CustomerPath } from '#app/hooks/endpoint.ts'
import { useApi } from '#app/hooks/use-api.ts'
import { useSettled } from '#app/hooks/use-settled.ts'
import { Field } from '#app/ui/kit/form.tsx'
import { LocalTime } from '#app/ui/kit/local-time.tsx'
import { Note } from '#app/ui/kit/note.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import styles from './mapping.module.css'

/** As many as one search gives; the likeliest stand first. */
const SHOWN = 100

interface CompanyChoiceProps {
  readonly of: CustomerPath
  readonly customer: Customer
  readonly companyId: number | null
  readonly onChoose: (id: number) => void
}

/** Suggested companies until a person searches, and none of them chosen (J7). */
export function CompanyChoice({ of, customer, companyId, onChoose }: CompanyChoiceProps) {
  const [typed, setTyped] = useState<string | null>(customer.mapping?.companyName ?? null)
  const settled = useSettled(typed)
  const isSearch = settled !== null
  const suggestions = useApi(
    'GET /api/programs/{program}/customers/{tenantId}/suggestions',
    isSearch ? null : { path: of },
    { revalidateOnFocus: false },
  )
  const searched = useApi(
    'GET /api/connectwise/companies',
    isSearch ? { query: { search: settled } } : null,
    { keepPreviousData: true },
  )
  const suggested = isSearch ? [] : (suggestions.data?.suggested ?? [])
  const others = isSearch ? searched.data?.companies : suggestions.data?.others
  const { error } = isSearch ? searched : suggestions
  const search = isSearch ? settled : (suggestions.data?.search ?? '')
  return (
    <>
      <Field
        label="Search ConnectWise companies"
        name="company-search"
        type="search"
        value={typed ?? search}
        onChange={({ target }) => setTyped(target.value)}
      />
      <ReadProblem error={error} />
      {isSearch ? null : <ReadFrom {...suggestions.data} />}
      <fieldset className={styles['choices']}>
        <legend>Company</legend>
        {suggested.map((each) => (
          <Choice
            key={each.company.id}
            company={each.company}
            says={suggestionText(each)}
            companyId={companyId}
            onChoose={onChoose}
          />
        ))}
        {others?.map((company) => (
          <Choice key={company.id} company={company} companyId={companyId} onChoose={onChoose} />
        ))}
        {others?.length === 0 && suggested.length === 0 ? (
          <p>No company matches “{search}”. Try a shorter name.</p>
        ) : null}
        {(others?.length ?? 0) >= SHOWN ? (
          <p>There may be more: type more of the name, or its Company ID.</p>
        ) : null}
        <Unreadable
          what="A company"
          rows={isSearch ? searched.data?.unreadable : suggestions.data?.unreadable}
        />
      </fieldset>
    </>
  )
}

/** How old the evidence is, and what of it is missing. */
function ReadFrom({
  readAt = null,
  contacts = null,
}: Partial<Pick<CompanySuggestions, 'readAt' | 'contacts'>>) {
  if (readAt === null && contacts === null) return null
  return (
    <p>
      <small>
        {readAt === null ? null : (
          <>
            Additions and contacts as they were read <LocalTime at={readAt} />.
          </>
        )}{' '}
        {contacts}
      </small>
    </p>
  )
}

/** How sure it is, why, and on which agreement. */
function suggestionText({ isLikely, evidence, agreement }: CompanySuggestions['suggested'][number]): string {
  const why = evidence.map(({ reason }) => reason).join(', ')
  const said = `${isLikely ? 'Likely' : 'Possible'}: ${why}`
  return agreement?.isLikely === true ? `${said} · agreement ${agreement.name}: ${agreement.reason}` : said
}

interface ChoiceProps {
  readonly company: Companies['companies'][number]
  readonly says?: string
  readonly companyId: number | null
  readonly onChoose: (id: number) => void
}

const Choice = ({ company: { id, name, identifier }, says, companyId, onChoose }: ChoiceProps) => (
  <label className={styles['choice']}>
    <input type="radio" name="company" checked={id === companyId} onChange={() => onChoose(id)} />
    <span>
      {name} <small>{[identifier, says].filter(Boolean).join(' · ')}</small>
    </span>
  </label>
)

/** What ConnectWise lists and we cannot read is named, so that nobody takes it for absent. */
export function Unreadable({
  what,
  rows = [],
}: {
  what: string
  rows?: Companies['unreadable'] | undefined
}) {
  return rows.map(({ record, reason }) => (
    <Note key={record} tone="warn" remedy="Correct it in ConnectWise, then search again.">
      {what} cannot be read ({record}): {reason}
    </Note>
  ))
}

export function ReadProblem({ error }: { error: unknown }) {
  return error instanceof Refused ? <ProblemNote problem={error.problem} /> : null
}

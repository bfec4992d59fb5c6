import { useState } from 'react'
import { useApi } from '#app/hooks/use-api.ts'
import { useSettled } from '#app/hooks/use-settled.ts'
import { Choice, Field } from '#app/ui/kit/form.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'

interface CustomerOfRuleProps {
  readonly program: string
  /** The only one that it can be for. */
  readonly customer?: { readonly id: string; readonly name: string } | undefined
}

/** For which customer a rule is: all, or one that is searched. */
export function CustomerOfRule({ program, customer }: CustomerOfRuleProps) {
  const [typed, setTyped] = useState('')
  const settled = useSettled(typed.trim())
  const { data, error } = useApi(
    'GET /api/programs/{program}/customers',
    settled === '' ? null : { path: { program }, query: { search: settled } },
    { keepPreviousData: true },
  )
  if (customer !== undefined) return <p>For {customer.name}.</p>
  const found = settled === '' ? [] : (data?.customers ?? [])
  return (
    <>
      <Field
        label="Search customers"
        name="customer-search"
        type="search"
        value={typed}
        hint={
          settled !== '' && data !== undefined && found.length === 0
            ? 'No customer matches.'
            : 'Empty: all customers.'
        }
        onChange={({ target }) => setTyped(target.value)}
      />
      {found.length === 0 ? null : (
        <Choice
          label="Customer"
          name="tenantId"
          options={Object.fromEntries(found.map(({ tenantId, name }) => [tenantId, name]))}
        />
      )}
      <ProblemNote problem={error?.problem ?? null} />
    </>
  )
}

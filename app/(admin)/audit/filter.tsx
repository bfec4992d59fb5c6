import type { AuditQuery } from '#app/api/schemas/audit.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { Downloads } from '#app/ui/kit/downloads.tsx'
import { Choice, Field } from '#app/ui/kit/form.tsx'
import styles from './audit.module.css'
import { actionText } from './words.ts'

/** A plain GET form: the address is the filter, and works without a script. */
export function Filter({
  query,
  actions,
  csv,
}: {
  query: AuditQuery
  actions: readonly string[]
  csv: string
}) {
  const options = Object.fromEntries(actions.map((action) => [action, actionText(action)]))
  return (
    <form className={styles['filter']} method="get">
      <Field label="Who or what" name="search" type="search" defaultValue={query.search} />
      <Choice
        label="Action"
        name="action"
        options={{ '': 'Every action', ...options }}
        defaultValue={query.action}
      />
      <Field label="From" name="from" type="date" defaultValue={query.from} />
      <Field label="Until" name="until" type="date" defaultValue={query.until} />
      <Button type="submit">Filter</Button>
      <Downloads path={csv} />
    </form>
  )
}

'use client'
import { type FormEvent, useState, useSyncExternalStore } from 'react'
import type { Tokens } from '#app/api/schemas/people.ts'
import { callApi } from '#app/hooks/api.ts'
import { useAction } from '#app/hooks/use-action.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { Dialog, DialogActions } from '#app/ui/kit/dialog.tsx'
import { Pages } from '#app/ui/kit/filters.tsx'
import { Choice, chosenOf, Field, textOf } from '#app/ui/kit/form.tsx'
import { LocalTime } from '#app/ui/kit/local-time.tsx'
import { Mark } from '#app/ui/kit/mark.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import table from '#app/ui/kit/table.module.css'
import text from '#app/ui/kit/text.module.css'
import { ROLES } from './roles.ts'
import styles from './settings.module.css'

export function TokenList({ shown }: { shown: Tokens }) {
  const [isMaking, setMaking] = useState(false)
  const { busy, problem, run } = useAction()
  return (
    <section className={table['panel']} aria-label="API tokens">
      <div className={styles['head']}>
        <h2>API tokens</h2>
        <Button onClick={() => setMaking(true)}>New token</Button>
      </div>
      {shown.total === 0 ? (
        <p className={styles['quiet']}>No token. One lets another program do what its role may.</p>
      ) : (
        <table className={[table['table'], styles['rows']].join(' ')}>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Role</th>
              <th scope="col">Made</th>
              <th scope="col">Works until</th>
              <th scope="col">Last used</th>
              <th scope="col">
                <span className={text['hidden']}>Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.tokens.map((token) => (
              <tr key={token.id}>
                <td className={styles['who']}>
                  {token.name}
                  <span>by {token.createdBy}</span>
                </td>
                <td>{ROLES[token.role]}</td>
                <td data-label="Made">
                  <LocalTime at={token.createdAt} />
                </td>
                <td data-label="Works until">
                  <Expiry at={token.expiresAt} />
                </td>
                <td data-label="Last used">
                  {token.lastUsedAt === null ? 'Never' : <LocalTime at={token.lastUsedAt} />}
                </td>
                <td>
                  <Button
                    tone="plain"
                    disabled={busy}
                    onClick={() => void run(() => callApi('DELETE /api/tokens/{id}', { path: token }))}
                  >
                    Revoke
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <div className={styles['below']}>
        <Pages
          page={shown.page}
          pageSize={shown.pageSize}
          total={shown.total}
          address={(page) => `/settings?tokens=${page}`}
        />
        <ProblemNote problem={problem} />
      </div>
      {isMaking ? <Make onClose={() => setMaking(false)} /> : null}
    </section>
  )
}

/** Whether it has run out is the reader's clock's to say, which is there only in the browser. */
function Expiry({ at }: { at: string }) {
  const hasRunOut = useSyncExternalStore(
    () => () => undefined,
    () => Date.parse(at) <= Date.now(),
    () => false,
  )
  return hasRunOut ? <Mark tone="warn">Ran out</Mark> : <LocalTime at={at} />
}

const DURATIONS = { '30': '30 days', '90': '90 days', '365': '1 year' } as const
const DAYS = { '30': 30, '90': 90, '365': 365 } as const

function Make({ onClose }: { onClose: () => void }) {
  const { busy, problem, run } = useAction()
  const [token, setToken] = useState<string | null>(null)
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const body = {
      name: textOf(form, 'name'),
      role: chosenOf(ROLES, textOf(form, 'role')),
      days: DAYS[chosenOf(DURATIONS, textOf(form, 'days'))],
    }
    await run(async () => setToken((await callApi('POST /api/tokens', { body })).token))
  }
  if (token !== null)
    return (
      <Dialog title="The new token" onClose={onClose}>
        <p>Copy it now: it is shown this once, and only its fingerprint is kept.</p>
        <code className={styles['secret']}>{token}</code>
        <DialogActions>
          <Button tone="primary" onClick={onClose}>
            Done
          </Button>
        </DialogActions>
      </Dialog>
    )
  return (
    <Dialog title="New API token" onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        <Field label="Name" name="name" hint="What will use it." maxLength={100} required problem={problem} />
        <Choice label="Role" name="role" options={ROLES} defaultValue="viewer" />
        <Choice
          label="Works for"
          name="days"
          options={DURATIONS}
          defaultValue="365"
          hint="It stops earlier where it is revoked, or whoever made it is no owner any more."
        />
        <ProblemNote problem={problem} />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" tone="primary" disabled={busy}>
            Make
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}

'use client'
import { type FormEvent, useState } from 'react'
import type { People } from '#app/api/schemas/people.ts'
import type { Reply } from '#app/contracts/table.ts'
import { callApi } from '#app/hooks/api.ts'
import type { SentTo } from '#app/hooks/endpoint.ts'
import { useAction } from '#app/hooks/use-action.ts'
import type { Attempt } from '#app/hooks/use-attempt.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { Dialog, DialogActions } from '#app/ui/kit/dialog.tsx'
import { Choice, chosenOf, Field, textOf } from '#app/ui/kit/form.tsx'
import { Mark } from '#app/ui/kit/mark.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import table from '#app/ui/kit/table.module.css'
import text from '#app/ui/kit/text.module.css'
import { ROLE_HINT, ROLES } from './roles.ts'
import styles from './settings.module.css'

type Person = People['people'][number]
type Invitation = People['invitations'][number]

const STATES = {
  active: { tone: 'good', text: 'Active' },
  waiting: { tone: 'warn', text: 'Asks to join' },
  disabled: { tone: 'quiet', text: 'Switched off' },
} as const

/** Who waits for a yes comes first. */
export function PeopleList({ shown, self }: { shown: People; self: string }) {
  const [isInviting, setInviting] = useState(false)
  const action = useAction()
  const people = [...shown.people].sort(
    (a, b) => Number(b.state === 'waiting') - Number(a.state === 'waiting'),
  )
  return (
    <section className={table['panel']} aria-label="People">
      <div className={styles['head']}>
        <h2>People</h2>
        <Button tone="primary" onClick={() => setInviting(true)}>
          Invite
        </Button>
      </div>
      <table className={[table['table'], styles['rows']].join(' ')}>
        <thead>
          <tr>
            <th scope="col">Who</th>
            <th scope="col">Role</th>
            <th scope="col">State</th>
            <th scope="col">
              <span className={text['hidden']}>Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {people.map((person) => (
            <PersonRow key={person.id} person={person} isSelf={person.id === self} action={action} />
          ))}
          {shown.invitations.map((invitation) => (
            <InvitationRow key={invitation.id} invitation={invitation} action={action} />
          ))}
        </tbody>
      </table>
      <div className={styles['below']}>
        <p className={styles['note']}>
          Who is switched off is signed out at once. Links to them, and the links and API tokens of somebody
          who is no owner any more, stop working.
        </p>
        <ProblemNote problem={action.problem} />
      </div>
      {isInviting ? <Invite onClose={() => setInviting(false)} /> : null}
    </section>
  )
}

function PersonRow({ person, isSelf, action }: { person: Person; isSelf: boolean; action: Attempt }) {
  const change = (body: NonNullable<SentTo<'PUT /api/people/{id}'>['body']>) =>
    void action.run(() => callApi('PUT /api/people/{id}', { path: person, body }))
  const { tone, text: state } = STATES[person.state]
  const ways = [
    person.withPassword ? (person.withSecondFactor ? 'password and code' : 'password') : '',
    person.withPrism ? 'PRISM' : '',
  ].filter(Boolean)
  return (
    <tr>
      <td className={styles['who']}>
        {person.name || person.email}
        <span>
          {person.name === '' ? '' : `${person.email} · `}
          {ways.length === 0 ? 'cannot sign in' : `signs in with ${ways.join(' or ')}`}
        </span>
      </td>
      <td>
        <Choice
          bare
          label={`Role of ${person.email}`}
          options={ROLES}
          value={person.role}
          disabled={action.busy}
          onChange={(event) => change({ role: chosenOf(ROLES, event.target.value) })}
        />
      </td>
      <td className={table['state']}>
        <Mark tone={tone}>{state}</Mark>
      </td>
      <td>
        {person.state === 'active' ? (
          <Button
            tone="plain"
            disabled={action.busy}
            whyNot={isSelf ? 'Another owner can switch you off.' : null}
            onClick={() => change({ state: 'disabled' })}
          >
            Switch off
          </Button>
        ) : (
          <Button disabled={action.busy} onClick={() => change({ state: 'active' })}>
            {person.state === 'waiting' ? 'Let in' : 'Switch on'}
          </Button>
        )}
        {person.withSecondFactor ? (
          <Button
            tone="plain"
            disabled={action.busy}
            onClick={() =>
              void action.run(() =>
                callApi('DELETE /api/people/{id}/second-factor', { path: { id: person.id } }),
              )
            }
          >
            Reset second factor
          </Button>
        ) : null}
        {person.state === 'waiting' ? (
          <Button tone="plain" disabled={action.busy} onClick={() => change({ state: 'disabled' })}>
            Refuse
          </Button>
        ) : null}
      </td>
    </tr>
  )
}

function InvitationRow({ invitation, action }: { invitation: Invitation; action: Attempt }) {
  const { id, email, role } = invitation
  return (
    <tr>
      <td className={styles['who']}>{email}</td>
      <td>{ROLES[role]}</td>
      <td className={table['state']}>
        <Mark tone="quiet">Invited</Mark>
      </td>
      <td>
        <Button
          tone="plain"
          disabled={action.busy}
          onClick={() =>
            void action.run(() => callApi('DELETE /api/people/invitations/{id}', { path: { id } }))
          }
        >
          Withdraw
        </Button>
      </td>
    </tr>
  )
}

function Invite({ onClose }: { onClose: () => void }) {
  const { busy, problem, run } = useAction()
  const [sent, setSent] = useState<Reply<'POST /api/people/invitations'> | null>(null)
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const body = { email: textOf(form, 'email'), role: chosenOf(ROLES, textOf(form, 'role')) }
    await run(async () => setSent(await callApi('POST /api/people/invitations', { body })))
  }
  if (sent !== null)
    return (
      <Dialog title="Invited" onClose={onClose}>
        {sent.link === null ? (
          <p>The link is on its way to {sent.email}.</p>
        ) : (
          <>
            <p>No mail went out. Hand this link over to {sent.email} yourself; it works once.</p>
            <code className={styles['secret']}>{sent.link}</code>
          </>
        )}
        <DialogActions>
          <Button tone="primary" onClick={onClose}>
            Done
          </Button>
        </DialogActions>
      </Dialog>
    )
  return (
    <Dialog title="Invite somebody" onClose={onClose}>
      <p>{ROLE_HINT} Inviting somebody who is here already gives them a new password.</p>
      <form onSubmit={(event) => void submit(event)}>
        <Field label="E-mail" name="email" type="email" required problem={problem} />
        <Choice label="Role" name="role" options={ROLES} defaultValue="clerk" />
        <ProblemNote problem={problem} />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" tone="primary" disabled={busy}>
            Invite
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}

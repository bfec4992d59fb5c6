'use client'
import type { FormEvent } from 'react'
import type { Members } from '#app/api/schemas/members.ts'
import { callApi } from '#app/hooks/api.ts'
import { useAction } from '#app/hooks/use-action.ts'
import type { Attempt } from '#app/hooks/use-attempt.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { Choice, chosenOf, Field, textOf } from '#app/ui/kit/form.tsx'
import { LocalTime } from '#app/ui/kit/local-time.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import table from '#app/ui/kit/table.module.css'
import { memberRightNames } from '#app/ui/member-rights.ts'
import styles from './settings.module.css'

type Member = Members['members'][number]

const AS_EVERYONE = 'as-everyone'

/** What members of ConnectWise may in a pod: all of them, and each who differs. */
export function MemberList({ shown }: { shown: Members }) {
  const action = useAction()
  const { busy, problem, run } = action
  const add = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const path = { memberId: textOf(form, 'memberId').trim() }
    const body = { right: chosenOf(memberRightNames, textOf(form, 'right')) }
    void run(() => callApi('PUT /api/members/{memberId}', { path, body })).then((isDone) => {
      if (isDone) form.reset()
    })
  }
  return (
    <section className={table['panel']} aria-label="Members of ConnectWise">
      <div className={styles['head']}>
        <h2>Members of ConnectWise</h2>
      </div>
      <div className={styles['everyone']}>
        <Choice
          label="Every member may"
          options={memberRightNames}
          hint="In the pod of a record, on that record. Who may map and sync sees the cost, too."
          value={shown.everyone}
          disabled={busy}
          onChange={(event) => {
            const body = { right: chosenOf(memberRightNames, event.target.value) }
            void run(() => callApi('PUT /api/members', { body }))
          }}
        />
      </div>
      {shown.members.length === 0 ? null : (
        <table className={[table['table'], styles['rows']].join(' ')}>
          <thead>
            <tr>
              <th scope="col">Member</th>
              <th scope="col">Last seen</th>
              <th scope="col">May</th>
            </tr>
          </thead>
          <tbody>
            {shown.members.map((member) => (
              <MemberRow key={member.memberId} member={member} everyone={shown.everyone} action={action} />
            ))}
          </tbody>
        </table>
      )}
      <form className={styles['adding']} onSubmit={add}>
        <Field
          label="Member ID in ConnectWise"
          name="memberId"
          maxLength={100}
          required
          problem={problem}
          autoComplete="off"
        />
        <Choice label="May" name="right" options={memberRightNames} defaultValue="map-and-sync" />
        <Button type="submit" disabled={busy}>
          Give the right
        </Button>
      </form>
      <div className={styles['below']}>
        <p className={styles['note']}>
          Who opens a pod shows here afterwards. A change counts at once, also for who is looking now.
        </p>
        <ProblemNote problem={problem} />
      </div>
    </section>
  )
}

interface MemberRowProps {
  readonly member: Member
  readonly everyone: Members['everyone']
  readonly action: Attempt
}

function MemberRow({ member, everyone, action }: MemberRowProps) {
  const { memberId, name, ownRight, provedAt } = member
  const options = {
    [AS_EVERYONE]: `As every member: ${memberRightNames[everyone].toLowerCase()}`,
    ...memberRightNames,
  }
  return (
    <tr>
      <td className={styles['who']}>
        {name || memberId}
        <span>{name === '' ? '' : memberId}</span>
      </td>
      <td data-label="Last seen">{provedAt === null ? 'Never' : <LocalTime at={provedAt} />}</td>
      <td>
        <Choice
          bare
          label={`What ${memberId} may`}
          options={options}
          value={ownRight ?? AS_EVERYONE}
          disabled={action.busy}
          onChange={({ target }) => {
            const right = target.value === AS_EVERYONE ? null : chosenOf(memberRightNames, target.value)
            const given = { path: { memberId }, body: { right } }
            void action.run(() => callApi('PUT /api/members/{memberId}', given))
          }}
        />
      </td>
    </tr>
  )
}

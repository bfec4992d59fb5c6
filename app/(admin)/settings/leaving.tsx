'use client'
import Link from 'next/link'
import { type FormEvent, useState } from 'react'
import { callApi } from '#app/hooks/api.ts'
import { useAction } from '#app/hooks/use-action.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { Dialog, DialogActions } from '#app/ui/kit/dialog.tsx'
import { Field, textOf } from '#app/ui/kit/form.tsx'
import { Note } from '#app/ui/kit/note.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import table from '#app/ui/kit/table.module.css'
import styles from './settings.module.css'

interface LeavingProps {
  readonly name: string
  /** Agreements that customers are mapped to. */
  readonly agreements: number
  readonly hasSecondFactor: boolean
  /** Owners beside this one who can sign in. */
  readonly otherOwners: number
  /** Whether this deployment sends mail. */
  readonly sendsMail: boolean
  /** Why it cannot be deleted by this person; `null`: it can. */
  readonly whyNot: string | null
}

/** Taking all of the organisation's data out, and deleting it (I2). */
export function Leaving({ whyNot, ...rest }: LeavingProps) {
  const [isDeleting, setDeleting] = useState(false)
  return (
    <section className={table['panel']} aria-label="Your data">
      <div className={styles['head']}>
        <h2>Your data</h2>
      </div>
      <div className={styles['body']}>
        <p>
          All that is stored of the organisation, as tables that people read and as JSON lines. Keys,
          passwords and sessions are not in it.
        </p>
        <div className={styles['buttons']}>
          <a href="/api/organisation/export" download>
            Download all of it (.tar.gz)
          </a>
        </div>
        <div className={styles['buttons']}>
          <Button whyNot={whyNot} onClick={() => setDeleting(true)}>
            Delete the organisation…
          </Button>
        </div>
      </div>
      {isDeleting ? <DeletionDialog {...rest} onClose={() => setDeleting(false)} /> : null}
    </section>
  )
}

interface DeletionDialogProps extends Omit<LeavingProps, 'whyNot'> {
  readonly onClose: () => void
}

function DeletionDialog({
  name,
  agreements,
  hasSecondFactor,
  otherOwners,
  sendsMail,
  onClose,
}: DeletionDialogProps) {
  const { busy, problem, run } = useAction({ refreshes: false })
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const code = textOf(form, 'code')
    const body = {
      name: textOf(form, 'name'),
      password: textOf(form, 'password'),
      ...(code === '' ? {} : { code }),
    }
    if (await run(() => callApi('POST /api/organisation/deletion', { body })))
      window.location.assign('/sign-in')
  }
  return (
    <Dialog title="Delete the organisation" onClose={onClose}>
      <Note tone="bad">Nobody can take this back, and nobody has a copy but you: download it first.</Note>
      <ul className={styles['consequences']}>
        <li>
          Nothing is changed in ConnectWise.{' '}
          {agreements === 0
            ? 'What additions there are stay.'
            : `The additions of ${agreements} ${agreements === 1 ? 'agreement' : 'agreements'} stay, and ConnectWise goes on billing them as they are.`}
        </li>
        <li>
          Our pods in ConnectWise stop working. Remove them before, under{' '}
          <Link href="/connections">Connections</Link>.
        </li>
        <li>Syncs that are under way end before their next write.</li>
        <li>
          Everybody is signed out at once. All else is gone within minutes; backups have it until they are
          deleted.
        </li>
        {otherOwners === 0 ? null : <li>{toldText(otherOwners, sendsMail)}</li>}
      </ul>
      <form onSubmit={(event) => void submit(event)}>
        <Field
          label="Name of the organisation"
          name="name"
          autoComplete="off"
          required
          problem={problem}
          hint={`Type ${name}`}
        />
        <Field
          label="Your password"
          name="password"
          type="password"
          autoComplete="current-password"
          required
          problem={problem}
        />
        {hasSecondFactor ? (
          <Field
            label="Code of your authenticator, or a recovery code"
            name="code"
            autoComplete="one-time-code"
            required
            problem={problem}
          />
        ) : null}
        <ProblemNote problem={problem} />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" tone="primary" disabled={busy}>
            Delete for good
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}

const toldText = (owners: number, sendsMail: boolean): string => {
  const who = owners === 1 ? 'The other owner' : `The ${owners} other owners`
  return sendsMail
    ? `${who} ${owners === 1 ? 'is' : 'are'} told by a mail, with your address in it. It is tried once.`
    : `${who} ${owners === 1 ? 'is' : 'are'} not told: this deployment sends no mail.`
}

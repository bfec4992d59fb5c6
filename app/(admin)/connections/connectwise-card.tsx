'use client'
import Link from 'next/link'
import { type FormEvent, useState } from 'react'
import type { ShownConnection } from '#app/api/schemas/connections.ts'
import { callApi } from '#app/hooks/api.ts'
import { useAction } from '#app/hooks/use-action.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { Dialog, DialogActions } from '#app/ui/kit/dialog.tsx'
import { Field, textOf } from '#app/ui/kit/form.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import { ConnectionCard } from './connection-card.tsx'
import styles from './connections.module.css'

interface ConnectWiseCardProps {
  readonly connection: ShownConnection
  readonly mayWrite: boolean
  /** This deployment has no client id of its own. */
  readonly needsClientId: boolean
}

export function ConnectWiseCard({ connection, mayWrite, needsClientId }: ConnectWiseCardProps) {
  const [isOpen, setOpen] = useState(false)
  const { settings } = connection
  return (
    <ConnectionCard
      name="ConnectWise"
      what="Where products and agreement additions are written."
      connection={connection}
      facts={[
        ['Company', settings['companyName'] === settings['companyId'] ? null : settings['companyName']],
        ['Site', settings['site']],
        ['Company id', settings['companyId']],
        ['Public key', settings['publicKey']],
        ['Version', settings['codebase']],
      ]}
      mayWrite={mayWrite}
      stops="Nothing syncs and the pods show nothing until ConnectWise is connected again. Mappings and results stay; additions in ConnectWise stay as they are."
      connect={
        <Button tone="primary" onClick={() => setOpen(true)}>
          Connect now
        </Button>
      }
      onEdit={() => setOpen(true)}
    >
      {connection.state === 'never' ? null : (
        <p className={styles['links']}>
          <Link href="/programs">Edit programs</Link>
          <Link href="/connections/pods">Pods in ConnectWise</Link>
        </p>
      )}
      {isOpen ? (
        <Connect settings={settings} needsClientId={needsClientId} onClose={() => setOpen(false)} />
      ) : null}
    </ConnectionCard>
  )
}

function Connect({
  settings,
  needsClientId,
  onClose,
}: {
  settings: ShownConnection['settings']
  needsClientId: boolean
  onClose: () => void
}) {
  const { busy, problem, run } = useAction()
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const clientId = textOf(form, 'clientId').trim()
    const body = {
      site: textOf(form, 'site'),
      companyId: textOf(form, 'companyId'),
      publicKey: textOf(form, 'publicKey'),
      privateKey: textOf(form, 'privateKey'),
      ...(clientId === '' ? {} : { clientId }),
    }
    if (await run(() => callApi('PUT /api/connections/connectwise', { body }))) onClose()
  }
  const field = (label: string, name: string, more: object = {}) => (
    <Field
      label={label}
      name={name}
      defaultValue={settings[name] ?? ''}
      required
      problem={problem}
      {...more}
    />
  )
  return (
    <Dialog title="ConnectWise credentials" onClose={onClose}>
      <p>
        In ConnectWise: System › Members › API Members, with a role that has the permissions listed under
        Preparation. They are tried before they are kept.
      </p>
      <form onSubmit={(event) => void submit(event)}>
        {field('Site', 'site', { placeholder: 'na.myconnectwise.net', autoComplete: 'off' })}
        {field('Company id', 'companyId', { hint: 'As entered when signing in to ConnectWise.' })}
        {field('Public key', 'publicKey', { autoComplete: 'off' })}
        <Field
          label="Private key"
          name="privateKey"
          type="password"
          autoComplete="off"
          required
          problem={problem}
        />
        {needsClientId || settings['clientId']
          ? field('Client id', 'clientId', {
              hint: 'From developer.connectwise.com.',
              required: needsClientId,
            })
          : null}
        <ProblemNote problem={problem} />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" tone="primary" disabled={busy}>
            {busy ? 'Trying…' : 'Connect'}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}

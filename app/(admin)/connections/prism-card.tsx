'use client'
import { type FormEvent, type ReactNode, useState } from 'react'
import type { GenerateInput, PrismInput, ShownConnection } from '#app/api/schemas/connections.ts'
import { callApi } from '#app/hooks/api.ts'
import { useAction } from '#app/hooks/use-action.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { Dialog, DialogActions } from '#app/ui/kit/dialog.tsx'
import { Field, textOf } from '#app/ui/kit/form.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import { ConnectionCard } from './connection-card.tsx'

interface PrismCardProps {
  readonly connection: ShownConnection
  readonly mayWrite: boolean
  /** Of the person who looks. */
  readonly email: string
  readonly offersSignIn: boolean
  /** The person comes back from signing in with PRISM, to generate credentials. */
  readonly isGenerating: boolean
  readonly children?: ReactNode
}

type Open = 'configure' | 'generate' | null

export function PrismCard(props: PrismCardProps) {
  const { connection, mayWrite, children } = props
  const [open, setOpen] = useState<Open>(props.isGenerating && mayWrite ? 'generate' : null)
  const { settings } = connection
  const close = () => setOpen(null)
  return (
    <ConnectionCard
      name="PRISM"
      what="Where the Microsoft CSP price list, subscriptions and invoices come from."
      connection={connection}
      facts={[
        ['Account', settings['accountName']],
        ['Client id', settings['clientId']],
        ['Currency', settings['currency']],
      ]}
      mayWrite={mayWrite}
      stops="No invoice is looked for and nothing syncs until PRISM is connected again. Mappings and results stay."
      connect={
        <>
          <Button tone="primary" onClick={() => setOpen('configure')}>
            Configure credentials
          </Button>
          <Button onClick={() => setOpen('generate')}>Generate new credentials</Button>
        </>
      }
      onEdit={() => setOpen('configure')}
    >
      {children}
      {open === 'configure' ? (
        <Configure settings={settings} onClose={close} onGenerate={() => setOpen('generate')} />
      ) : null}
      {open === 'generate' ? <Generate {...props} onClose={close} /> : null}
    </ConnectionCard>
  )
}

type Settings = ShownConnection['settings']

/** A connection has one currency, asked once (B1); with “Edit” it can become another one. */
function Currency({
  settings,
  problem,
}: {
  settings: Settings
  problem: ReturnType<typeof useAction>['problem']
}) {
  return (
    <Field
      label="Currency"
      name="currency"
      hint="The one PRISM invoices you in."
      placeholder="AUD"
      defaultValue={settings['currency'] ?? ''}
      pattern="[A-Za-z]{3}"
      title="a currency code of three letters"
      maxLength={3}
      required
      problem={problem}
    />
  )
}

function Configure({
  settings,
  onClose,
  onGenerate,
}: {
  settings: Settings
  onClose: () => void
  onGenerate: () => void
}) {
  const { busy, problem, run, clear } = useAction()
  const [entered, setEntered] = useState<PrismInput | null>(null)
  const connect = async (body: PrismInput) => {
    setEntered(body)
    if (await run(() => callApi('PUT /api/connections/prism', { body }))) onClose()
  }
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    void connect({
      clientId: textOf(form, 'clientId'),
      clientSecret: textOf(form, 'clientSecret'),
      currency: textOf(form, 'currency').toUpperCase(),
    })
  }
  const isAsking = problem?.code === 'currency-change-asks' && entered !== null
  return (
    <Dialog title="PRISM credentials" onClose={onClose}>
      <p>
        In PRISM’s portal: Profile › Manage Client Credentials. They are tried before they are kept, and the
        secret is never shown again.
      </p>
      <form onSubmit={submit}>
        <Field
          label="Client id"
          name="clientId"
          defaultValue={settings['clientId'] ?? ''}
          required
          problem={problem}
        />
        <Field
          label="Client secret"
          name="clientSecret"
          type="password"
          autoComplete="off"
          required
          problem={problem}
        />
        <Currency settings={settings} problem={problem} />
        {isAsking ? null : <ProblemNote problem={problem} />}
        <DialogActions>
          <Button tone="plain" onClick={onGenerate}>
            Generate new ones instead
          </Button>
          <Button type="submit" tone="primary" disabled={busy}>
            {busy ? 'Trying…' : 'Connect'}
          </Button>
        </DialogActions>
      </form>
      {isAsking ? (
        <ChangeCurrency
          detail={problem.detail}
          to={entered.currency}
          busy={busy}
          onKeep={clear}
          onChange={() => void connect({ ...entered, confirm: true })}
        />
      ) : null}
    </Dialog>
  )
}

interface ChangeCurrencyProps {
  /** What is behind the currency of now. */
  readonly detail: string | undefined
  readonly to: string
  readonly busy: boolean
  readonly onKeep: () => void
  readonly onChange: () => void
}

/** Asked where customers are billed in the currency of now (B1). */
function ChangeCurrency({ detail, to, busy, onKeep, onChange }: ChangeCurrencyProps) {
  return (
    <Dialog title={`Change the currency to ${to}?`} onClose={onKeep}>
      <p>{detail}</p>
      <DialogActions>
        <Button onClick={onKeep}>Keep it</Button>
        <Button tone="primary" disabled={busy} onClick={onChange}>
          Change the currency
        </Button>
      </DialogActions>
    </Dialog>
  )
}

const SIGN_IN = `/api/session/prism?purpose=link&next=${encodeURIComponent('/connections?generate=yes')}`

function Generate({ connection, email, offersSignIn, onClose }: PrismCardProps & { onClose: () => void }) {
  const { busy, problem, run, clear } = useAction()
  const [entered, setEntered] = useState<GenerateInput | null>(null)
  const generate = async (body: GenerateInput) => {
    setEntered(body)
    if (await run(() => callApi('POST /api/connections/prism/generate', { body }))) onClose()
  }
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    void generate({ email: textOf(form, 'email'), currency: textOf(form, 'currency').toUpperCase() })
  }
  const isAsking = problem?.code === 'currency-change-asks' && entered !== null
  const needsSignIn = problem?.code === 'prism-sign-in-needed'
  return (
    <Dialog title="Generate PRISM credentials" onClose={onClose}>
      <p>PRISM makes an API client for Prism Pod in your name. It needs an e-mail address for it.</p>
      <form onSubmit={submit}>
        <Field label="E-mail" name="email" type="email" defaultValue={email} required problem={problem} />
        <Currency settings={connection.settings} problem={problem} />
        {isAsking ? null : <ProblemNote problem={problem} />}
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          {needsSignIn && offersSignIn ? (
            <Button tone="primary" onClick={() => window.location.assign(SIGN_IN)}>
              Sign in with PRISM
            </Button>
          ) : (
            <Button type="submit" tone="primary" disabled={busy}>
              {busy ? 'Generating…' : 'Generate'}
            </Button>
          )}
        </DialogActions>
      </form>
      {isAsking ? (
        <ChangeCurrency
          detail={problem.detail}
          to={entered.currency ?? ''}
          busy={busy}
          onKeep={clear}
          onChange={() => void generate({ ...entered, confirm: true })}
        />
      ) : null}
    </Dialog>
  )
}

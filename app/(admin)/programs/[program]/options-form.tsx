'use client'
import Link from 'next/link'
import { type FormEvent, type ReactNode, useEffect, useState } from 'react'
import type { ProgramInput, ShownProgram } from '#app/api/schemas/programs.ts'
import { callApi } from '#app/hooks/api.ts'
import { useAction } from '#app/hooks/use-action.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { Check, Choice, Field, Lines, textOf } from '#app/ui/kit/form.tsx'
import { moneyText } from '#app/ui/kit/money.ts'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import table from '#app/ui/kit/table.module.css'
import { shortDay } from '#lib/billing/format.ts'
import type { ProgramOption } from '#lib/programs/registry.ts'
import { MissedMonths, missedOf, useMissed } from './missed-months.tsx'
import styles from './program.module.css'

interface OptionsFormProps {
  readonly program: ShownProgram
  readonly options: readonly ProgramOption[]
  readonly isNew: boolean
  readonly mayWrite: boolean
  readonly currency: string
}

const DEFAULTS = [
  { key: 'category', label: 'Product category' },
  { key: 'subcategory', label: 'Product sub-category' },
  { key: 'productType', label: 'Product type' },
  { key: 'unitOfMeasure', label: 'Unit of measure' },
] as const

/** In which cases an invoice waits for a person (F18). */
const GUARDS = [
  { key: 'endedShare', label: 'Subscriptions that end, more than (%)' },
  { key: 'totalShare', label: 'Change of the total, more than (%)' },
] as const

/**
 * What a person sets of a program (C2-C5, A4, F18); what the program has of its own comes from the registry.
 */
export function OptionsForm({ program, options, isNew, mayWrite, currency }: OptionsFormProps) {
  const { busy, problem, run } = useAction()
  const [isSaved, setSaved] = useState(false)
  const [isDirty, setDirty] = useState(false)
  const [isEnabled, setEnabled] = useState(program.enabled)
  const { data: missed, isLoading: isReading } = useMissed(
    program.program,
    mayWrite && isEnabled && !program.enabled && !isNew,
  )
  useWarningBeforeLeaving(isDirty)
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const body = inputOf(event.currentTarget, options)
    const done = await run(() => callApi('PUT /api/programs/{program}', { path: program, body }))
    setSaved(done)
    if (done) setDirty(false)
  }
  return (
    <section className={table['panel']} aria-label="Options">
      <form
        className={styles['form']}
        onSubmit={(event) => void submit(event)}
        onChange={() => {
          setSaved(false)
          setDirty(true)
        }}
      >
        <fieldset disabled={!mayWrite} className={styles['form']}>
          <Group title="Sync" hint="Off: nothing is written to ConnectWise; previews work all the same.">
            <Check
              label={`Sync ${program.name}`}
              name="enabled"
              defaultChecked={program.enabled}
              onChange={({ target }) => setEnabled(target.checked)}
            />
            <MissedMonths missed={missed} />
          </Group>
          <Group title="What syncs" hint={`Options of ${program.name}.`}>
            {options.map((option) => (
              <Option key={option.key} option={option} program={program} />
            ))}
            <AnnualLeftOut program={program} currency={currency} />
          </Group>
          <Group
            title="What waits for you"
            hint="An invoice that changes more than this over all customers is not written as far as it does: it may be wrong. Empty: no limit."
          >
            <div className={styles['pair']}>
              {GUARDS.map(({ key, label }) => (
                <Field
                  key={key}
                  label={label}
                  name={`guards.${key}`}
                  type="number"
                  inputMode="decimal"
                  min={0}
                  max={100}
                  step="any"
                  defaultValue={percentOf(program.guards[key])}
                  problem={problem}
                />
              ))}
            </div>
          </Group>
          <Group
            title="Margin guard"
            hint="What is billed at less than this margin, as per cent of the price, is in To do. Empty: only what is billed below its cost."
          >
            <Field
              label="Margin, less than (%)"
              name="marginPercent"
              inputMode="decimal"
              pattern="\d{1,2}([.]\d{1,2})?"
              title="A percentage from 0 to 99.99, for example 12.5"
              defaultValue={program.marginPercent ?? ''}
              problem={problem}
            />
          </Group>
          <Group
            title="Who is told"
            hint="Of errors, price changes and what waits for you, when something changed and every three days while it stays."
          >
            <Lines
              label="Email Addresses"
              name="emails"
              hint="One a line."
              rows={Math.max(2, program.emails.length + 1)}
              defaultValue={program.emails.join('\n')}
              problem={problem}
            />
          </Group>
          <Group
            title="New products"
            hint="What a product gets that is created in ConnectWise. Names as ConnectWise has them."
          >
            <div className={styles['pair']}>
              {DEFAULTS.map(({ key, label }) => (
                <Field
                  key={key}
                  label={label}
                  name={`defaults.${key}`}
                  defaultValue={program.defaults[key]}
                  maxLength={50}
                  required
                  problem={problem}
                />
              ))}
            </div>
            <Check label="Taxable" name="defaults.taxable" defaultChecked={program.defaults.taxable} />
          </Group>
        </fieldset>
        {mayWrite ? (
          <div className={styles['actions']}>
            <Button type="submit" tone="primary" disabled={busy || isReading}>
              {isNew ? 'Set up' : 'Save'}
            </Button>
            <span role="status">{isSaved ? 'Saved.' : isDirty ? 'Not saved yet.' : ''}</span>
            <ProblemNote problem={problem} />
          </div>
        ) : (
          <p className={styles['readOnly']}>An owner changes these.</p>
        )}
      </form>
    </section>
  )
}

function Group({ title, hint, children }: { title: string; hint: string; children: ReactNode }) {
  return (
    <div className={styles['group']}>
      <div>
        <h3>{title}</h3>
        <p>{hint}</p>
      </div>
      <div className={styles['fields']}>{children}</div>
    </div>
  )
}

function Option({ option, program }: { option: ProgramOption; program: ShownProgram }) {
  const { key, label, hint } = option
  return option.kind === 'switch' ? (
    <Check label={label} name={key} hint={hint} defaultChecked={program[option.key]} />
  ) : (
    <Choice
      label={label}
      name={key}
      hint={hint}
      options={option.choices}
      defaultValue={program[option.key]}
    />
  )
}

/** Annual invoices that the switch leaves out, or would. */
function AnnualLeftOut({ program, currency }: { program: ShownProgram; currency: string }) {
  const { since, leftOut } = program.annualInvoices
  if (since === null && leftOut.invoices === 0) return null
  const count = leftOut.invoices === 1 ? '1 annual invoice' : `${leftOut.invoices} annual invoices`
  const amount = `${count}, ${moneyText(leftOut.price, currency)}`
  return (
    <p className={styles['leftOut']}>
      {since === null
        ? `Switched on now, annual terms billed at once leave out what PRISM issued before today: ${amount}.`
        : `Annual invoices are carried since ${shortDay(since)}.${leftOut.invoices === 0 ? '' : ` What PRISM issued before is left out: ${amount}.`}`}
      {leftOut.invoices === 0 ? null : (
        <>
          {' '}
          Single ones can be taken over on{' '}
          <Link href={`/programs/${program.program}/invoices`}>Invoices</Link>.
        </>
      )}
    </p>
  )
}

function inputOf(form: HTMLFormElement, options: readonly ProgramOption[]): ProgramInput {
  const isOn = (name: string) => textOf(form, name) === 'on'
  const text = (name: string) => textOf(form, name).trim()
  return {
    enabled: isOn('enabled'),
    ...missedOf(form),
    marginPercent: text('marginPercent') === '' ? null : text('marginPercent'),
    emails: text('emails')
      .split(/[\s,;]+/)
      .filter((address) => address !== ''),
    ...Object.fromEntries(
      options.map(({ kind, key }) => [key, kind === 'switch' ? isOn(key) : textOf(form, key)]),
    ),
    defaults: {
      ...Object.fromEntries(DEFAULTS.map(({ key }) => [key, text(`defaults.${key}`)])),
      taxable: isOn('defaults.taxable'),
    },
    guards: Object.fromEntries(GUARDS.map(({ key }) => [key, shareOf(text(`guards.${key}`))])),
  }
}

const percentOf = (share: number | null): string =>
  share === null ? '' : String(Number((share * 100).toFixed(6)))

const shareOf = (percent: string): number | null => (percent === '' ? null : Number(percent) / 100)

function useWarningBeforeLeaving(isDirty: boolean): void {
  useEffect(() => {
    if (!isDirty) return
    const warn = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', warn)
    return () => window.removeEventListener('beforeunload', warn)
  }, [isDirty])
}

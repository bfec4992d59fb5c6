'use client'
import { useState } from 'react'
import type { ShownRule, ShownRulePreview } from '#app/api/schemas/price-rules.ts'
import { callApi } from '#app/hooks/api.ts'
import { useAction } from '#app/hooks/use-action.ts'
import { useAttempt } from '#app/hooks/use-attempt.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { Dialog, DialogActions } from '#app/ui/kit/dialog.tsx'
import { Choice, chosenOf, Field, textOf } from '#app/ui/kit/form.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import type { ProductChoice } from '#app/views/price-rules.ts'
import { monthName } from '#lib/billing/format.ts'
import type { Money, Period, RuleTerms } from '#lib/billing/types.ts'
import { CustomerOfRule } from './customer-of-rule.tsx'
import styles from './prices.module.css'
import { RulePreview } from './rule-preview.tsx'
import { fromText, kindChoices, placeText } from './words.ts'

interface RuleInput {
  readonly tenantId: string | null
  readonly sku: string | null
  readonly from: Period | null
  readonly terms: RuleTerms
}

export interface RuleDialogProps {
  readonly program: string
  readonly currency: string
  readonly products: readonly ProductChoice[]
  /** Months to choose from, the running one first. */
  readonly months: readonly Period[]
  /** The only customer that it can be for; left out: any. */
  readonly customer?: { readonly id: string; readonly name: string } | undefined
  readonly sku?: string | undefined
  /** The rule that is changed; left out: a new one. */
  readonly rule?: ShownRule | undefined
  readonly onClose: () => void
}

/** A rule is made or changed: first what it would do is shown, then it is saved as it was shown. */
export function RuleDialog(props: RuleDialogProps) {
  const { program, products, months, customer, sku, rule, onClose } = props
  const [kind, setKind] = useState<RuleTerms['kind']>(rule?.terms.kind ?? 'cost-plus')
  const [shown, setShown] = useState<{ input: RuleInput; preview: ShownRulePreview } | null>(null)
  const look = useAttempt()
  const save = useAction()
  const show = (form: HTMLFormElement) =>
    look.run(async () => {
      const input = inputOf(form, kind, props)
      const preview = await callApi('POST /api/programs/{program}/price-rules/preview', {
        path: { program },
        body: { rule: input },
      })
      setShown({ input, preview })
    })
  const put = async ({ input }: { input: RuleInput }) => {
    const isDone = await save.run(() =>
      callApi('PUT /api/programs/{program}/price-rules', { path: { program }, body: input }),
    )
    if (isDone) onClose()
  }
  const busy = look.busy || save.busy
  return (
    <Dialog
      isWide
      title={rule === undefined ? 'Add a price rule' : `Change the price of ${placeText(rule)}`}
      onClose={onClose}
    >
      <form
        className={styles['form']}
        onChange={() => setShown(null)}
        onSubmit={(event) => {
          event.preventDefault()
          void show(event.currentTarget)
        }}
      >
        {rule === undefined ? (
          <>
            <CustomerOfRule program={program} customer={customer} />
            <Field
              label="Product"
              name="sku"
              list="rule-products"
              maxLength={100}
              defaultValue={sku ?? ''}
              hint="Its SKU. Empty: all products."
              problem={look.problem}
            />
            <datalist id="rule-products">
              {products.map((each) => (
                <option key={each.sku} value={each.sku}>
                  {each.name}
                </option>
              ))}
            </datalist>
          </>
        ) : (
          <p>{fromText(rule.from)}. To have it for something else, add another rule.</p>
        )}
        <Choice
          label="Price"
          name="kind"
          options={kindChoices}
          value={kind}
          onChange={({ target }) => setKind(chosenOf(kindChoices, target.value))}
        />
        {kind === 'cost-plus' ? (
          <Field
            label="Per cent on top of PRISM’s unit cost"
            name="percent"
            inputMode="decimal"
            required
            defaultValue={rule?.terms.kind === 'cost-plus' ? rule.terms.percent : ''}
            hint="Up to two decimals; each unit price is rounded to cents."
            problem={problemAt(look.problem, 'percent')}
          />
        ) : kind === 'fixed' ? (
          <Field
            label="Price of a unit"
            name="unitPrice"
            inputMode="decimal"
            required
            defaultValue={rule?.terms.kind === 'fixed' ? rule.terms.unitPrice : ''}
            hint="For one product."
            problem={problemAt(look.problem, 'unitPrice')}
          />
        ) : (
          <p>
            New quantities get the price that the subscription’s additions have; where it has none, PRISM’s
            retail price.
          </p>
        )}
        {rule === undefined ? (
          <Choice
            label="Takes hold"
            name="from"
            options={{
              '': 'With each new quantity; what is there keeps its price',
              ...Object.fromEntries(
                months.map((month) => [
                  month,
                  `From ${monthName(month)}: what runs on is replaced at its price`,
                ]),
              ),
            }}
          />
        ) : null}
        <ProblemNote problem={look.problem ?? save.problem} />
        {shown === null ? null : <RulePreview preview={shown.preview} />}
        <DialogActions>
          <Button disabled={busy} onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" disabled={busy} tone={shown === null ? 'primary' : undefined}>
            Show what it does
          </Button>
          <Button
            tone={shown === null ? undefined : 'primary'}
            disabled={busy}
            whyNot={shown === null ? 'Look at what it does first.' : null}
            isWhySaid
            onClick={() => {
              if (shown !== null) void put(shown)
            }}
          >
            Save the rule
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}

/** What is wrong with a part of the terms is named by the part. */
function problemAt(problem: ReturnType<typeof useAttempt>['problem'], part: string) {
  const fields = problem?.fields?.map((each) =>
    each.field === `rule.terms.${part}` ? { ...each, field: part } : each,
  )
  return problem === null || fields === undefined ? problem : { ...problem, fields }
}

function inputOf(
  form: HTMLFormElement,
  kind: RuleTerms['kind'],
  { rule, customer }: RuleDialogProps,
): RuleInput {
  const text = (name: string): string | null => textOf(form, name).trim() || null
  const terms: RuleTerms =
    kind === 'cost-plus'
      ? { kind, percent: text('percent') ?? '' }
      : kind === 'fixed'
        ? { kind, unitPrice: (text('unitPrice') ?? '') as Money }
        : { kind }
  if (rule !== undefined)
    return { tenantId: rule.customer?.id ?? null, sku: rule.product?.sku ?? null, from: rule.from, terms }
  return {
    tenantId: customer?.id ?? text('tenantId'),
    sku: text('sku'),
    from: text('from') as Period | null,
    terms,
  }
}

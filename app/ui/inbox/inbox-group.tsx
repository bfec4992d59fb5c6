'use client'
import Link from 'next/link'
import { useState } from 'react'
import type { ShownAction, ShownGroup, ShownItem } from '#app/api/schemas/inbox.ts'
import { useApi } from '#app/hooks/use-api.ts'
import { useAttempt } from '#app/hooks/use-attempt.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { LocalTime } from '#app/ui/kit/local-time.tsx'
import { moneyText } from '#app/ui/kit/money.ts'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import { HeldCredits } from '#app/ui/plan/held-credits.tsx'
import { ActDialog } from './act-dialog.tsx'
import { type Acting, doneText, isPlain, perform } from './acting.ts'
import { Compared } from './compared.tsx'
import styles from './inbox.module.css'
import { ItemButtons } from './item-buttons.tsx'
import { moneySaid, monthsText, subjectOf, toneOf, typedFor } from './words.ts'

interface GroupProps {
  readonly group: ShownGroup
  readonly acting: Acting
  readonly agreementId: number | undefined
  readonly level: 2 | 4
}

/** What one answer, or one thing that is mended, settles: what it is, what it is about, what happens if nobody does anything. */
export function InboxGroup({ group, acting, agreementId, level }: GroupProps) {
  const { says, ifNothing, remedy, count, items, money, since, isDecided } = group
  const [isWhole, setWhole] = useState(false)
  const Heading = `h${level}` as const
  const headId = `todo-${group.cause.replaceAll(/\W+/g, '-')}`
  return (
    // No landmark: there are many, and two may be named alike.
    <div role="group" className={[styles['group'], styles[toneOf(group)]].join(' ')} aria-labelledby={headId}>
      <header>
        <Heading id={headId}>{says}</Heading>
        {money === null ? null : <b className={styles['money']}>{moneySaid(money, acting.currency)}</b>}
        <p className={styles['nothing']}>
          {isDecided ? 'Decided by a person.' : 'If nothing is done:'} {ifNothing}{' '}
          <small>
            Since <LocalTime at={since} />
          </small>
        </p>
        <GroupButtons group={group} acting={acting} />
      </header>
      {isWhole ? (
        <Whole group={group} acting={acting} agreementId={agreementId} />
      ) : (
        <>
          <Items items={items} acting={acting} sharedRemedy={remedy} />
          {count > items.length ? (
            <Button tone="plain" className={styles['more']} onClick={() => setWhole(true)}>
              Show all {count.toLocaleString('en-GB')}
            </Button>
          ) : null}
        </>
      )}
    </div>
  )
}

function GroupButtons({ group, acting }: Pick<GroupProps, 'group' | 'acting'>) {
  const [open, setOpen] = useState<ShownAction | null>(null)
  const { busy, problem, run } = useAttempt()
  if (group.actions.length === 0) return null
  const press = (action: ShownAction) => {
    if (!isPlain(action)) {
      setOpen(action)
      return
    }
    void run(async () => {
      const { runId, follows } = await perform(acting, action, '')
      acting.onAnswered(doneText(action.text, follows), runId)
    })
  }
  return (
    <div className={styles['buttons']} role="group" aria-label={`For all: ${group.says}`}>
      {group.count > 1 ? <span>For all:</span> : null}
      {group.actions.map((action) => (
        <Button key={action.id} disabled={busy} whyNot={action.whyNot ?? null} onClick={() => press(action)}>
          {action.text}
        </Button>
      ))}
      <ProblemNote problem={problem} />
      {open === null ? null : (
        <ActDialog
          action={open}
          program={group.program}
          acting={acting}
          about={[`${group.says}.`, group.money === null ? '' : moneySaid(group.money, acting.currency)]}
          typing={group.isLarge && open.decides ? typedFor(group) : null}
          onClose={() => setOpen(null)}
        />
      )}
    </div>
  )
}

/** A page of all of them at a time. */
function Whole({ group, acting, agreementId }: Omit<GroupProps, 'level'>) {
  const [page, setPage] = useState(1)
  const { data, error } = useApi(
    'GET /api/inbox',
    {
      query: {
        program: group.program,
        cause: group.cause,
        page: String(page),
        ...(agreementId === undefined ? {} : { agreementId: String(agreementId) }),
      },
    },
    { call: acting.call, keepPreviousData: true, dedupingInterval: 0 },
  )
  const pages = data === undefined ? 1 : Math.max(1, Math.ceil(data.total / data.pageSize))
  return (
    <>
      <Items items={data?.groups[0]?.items ?? group.items} acting={acting} sharedRemedy={group.remedy} />
      <ProblemNote problem={error?.problem ?? null} />
      {pages === 1 ? null : (
        <nav className={styles['pages']} aria-label={`Pages of: ${group.says}`}>
          <Button
            whyNot={page === 1 ? 'This is the first page.' : null}
            isWhySaid
            onClick={() => setPage(page - 1)}
          >
            Previous
          </Button>
          <span>
            Page {page} of {pages}
          </span>
          <Button
            whyNot={page >= pages ? 'This is the last page.' : null}
            isWhySaid
            onClick={() => setPage(page + 1)}
          >
            Next
          </Button>
        </nav>
      )}
    </>
  )
}

interface ItemsProps {
  readonly items: readonly ShownItem[]
  readonly acting: Acting
  readonly sharedRemedy: string
}

function Items({ items, acting, sharedRemedy }: ItemsProps) {
  return (
    <ul className={styles['items']}>
      {items.map((item) => (
        <Item key={item.key} item={item} acting={acting} sharedRemedy={sharedRemedy} />
      ))}
    </ul>
  )
}

function Item({ item, acting, sharedRemedy }: { item: ShownItem } & Omit<ItemsProps, 'items'>) {
  const { money, asked, detail, says, compared, stillWrong } = item
  const [first, ...rest] = subjectOf(item)
  const place = acting.placeOf?.(item) ?? null
  const remedy = item.remedy || sharedRemedy
  return (
    <li>
      <div className={styles['what']}>
        <b>{place === null || first === undefined ? first : <Link href={place}>{first}</Link>}</b>
        {[...rest, monthsText(item)].filter(Boolean).map((text) => (
          <span key={text}>{text}</span>
        ))}
        {money === null ? null : (
          <span className={styles['money']}>
            {asked === null || asked.addition !== null || asked.invoice !== null || asked.line !== null
              ? moneySaid(money, acting.currency)
              : `${moneyText(asked.invoiced, acting.currency)} invoiced, ${moneyText(asked.billed, acting.currency)} billed`}
          </span>
        )}
      </div>
      <details className={styles['says']}>
        <summary>
          {says}
          {stillWrong === undefined ? null : <span className={styles['now']}>{stillWrong}</span>}{' '}
          <span className={styles['why']}>What to do</span>
        </summary>
        {detail === '' ? null : <p>{detail}</p>}
        <p>{remedy}</p>
      </details>
      {asked === null || asked.line === null ? null : (
        <p className={styles['writes']}>
          Billed here, it writes: {asked.line.writes.join('; ')}. Billed otherwise, nothing is written.
        </p>
      )}
      {compared === null ? null : <Compared compared={compared} currency={acting.currency} />}
      {item.credits === undefined ? null : <HeldCredits credits={item.credits} currency={acting.currency} />}
      <ItemButtons item={item} acting={acting} />
    </li>
  )
}

'use client'
import { useRouter } from 'next/navigation'
import { type KeyboardEvent, type MouseEvent, useEffect, useRef, useState } from 'react'
import type { FoundGroup, Hit, SearchKind } from '#app/api/schemas/search.ts'
import { useApi } from '#app/hooks/use-api.ts'
import { useSettled } from '#app/hooks/use-settled.ts'
import { LocalTime } from '#app/ui/kit/local-time.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import text from '#app/ui/kit/text.module.css'
import styles from './search.module.css'

const TITLES: Readonly<Record<SearchKind, string>> = {
  customers: 'Customers',
  companies: 'ConnectWise companies',
  agreements: 'Agreements',
  subscriptions: 'Subscriptions',
  products: 'Products',
  months: 'Months',
  invoices: 'Invoices',
  runs: 'Syncs',
  messages: 'Messages',
  pages: 'Pages',
}
const LONGEST = 500
const PAUSE_MS = 120

/** The button of the search, which Ctrl K and Cmd K press from everywhere. */
export function Search() {
  const [isOpen, setOpen] = useState(false)
  useEffect(() => {
    const press = (event: globalThis.KeyboardEvent) => {
      if (
        event.key.toLowerCase() !== 'k' ||
        !(event.ctrlKey || event.metaKey) ||
        event.altKey ||
        event.shiftKey
      )
        return
      // A dialog with something half done is not covered.
      if (document.querySelector('dialog[open]') !== null) return
      event.preventDefault()
      setOpen(true)
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [])
  return (
    <>
      <button
        type="button"
        className={styles['open']}
        aria-haspopup="dialog"
        aria-keyshortcuts="Control+K Meta+K"
        onClick={() => setOpen(true)}
      >
        Search <kbd aria-hidden="true">Ctrl K</kbd>
      </button>
      {isOpen ? <SearchDialog onClose={() => setOpen(false)} /> : null}
    </>
  )
}

/** Open while it is rendered; the focus goes back to where it was. */
function SearchDialog({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    dialog.current?.showModal()
  }, [])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it, by the element itself
    <dialog
      ref={dialog}
      className={styles['dialog']}
      aria-label="Search"
      onClose={onClose}
      onClick={({ target }) => {
        if (target === dialog.current) dialog.current?.close()
      }}
    >
      <SearchIn onClose={() => dialog.current?.close()} />
    </dialog>
  )
}

const idOf = (at: number): string => `hit-${at}`

function SearchIn({ onClose }: { onClose: () => void }) {
  const router = useRouter()
  const [typed, setTyped] = useState('')
  const wanted = useSettled(typed.trim(), PAUSE_MS)
  const { data, error, isLoading } = useApi(
    'GET /api/search',
    wanted === '' ? null : { query: { q: wanted } },
    // What was found stays until the next answer, so that nothing flickers while one types.
    { keepPreviousData: true, revalidateOnFocus: false },
  )
  const groups = typed.trim() === '' ? [] : (data?.groups ?? [])
  const hits = groups.flatMap((group) => group.hits)
  const [chosen, setChosen] = useState<{ readonly of: unknown; readonly at: number }>({ of: null, at: 0 })
  // The first one, whenever something else is found.
  const at = chosen.of === data ? Math.min(chosen.at, hits.length - 1) : 0
  const choose = (next: number) => setChosen({ of: data, at: next })
  // Browsers answer it with a promise, which is no clean-up.
  useEffect(() => {
    document.getElementById(idOf(at))?.scrollIntoView({ block: 'nearest' })
  }, [at])

  const isSettled = data?.q === typed.trim().replace(/\s+/g, ' ')
  const go = ({ href }: Hit, isElsewhere: boolean) => {
    if (isElsewhere) window.open(href, '_blank', 'noopener')
    else {
      onClose()
      router.push(href)
    }
  }
  const press = (event: KeyboardEvent) => {
    const { key } = event
    if (event.nativeEvent.isComposing) return
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: Math.min(at + 8, hits.length - 1),
      PageUp: Math.max(at - 8, 0),
    }
    const move = moves[key]
    const hit = hits[at]
    if (move !== undefined && hits.length > 0) choose((move + hits.length) % hits.length)
    else if (key === 'Enter' && hit !== undefined && isSettled) go(hit, event.ctrlKey || event.metaKey)
    else return
    event.preventDefault()
  }
  return (
    <>
      <input
        type="search"
        role="combobox"
        aria-label="Search"
        aria-expanded={hits.length > 0}
        aria-controls="search-hits"
        aria-autocomplete="list"
        aria-activedescendant={hits.length > 0 ? idOf(at) : undefined}
        className={styles['input']}
        placeholder="A customer, company, agreement, subscription, SKU, month, message or page"
        maxLength={LONGEST}
        autoComplete="off"
        spellCheck={false}
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
        onKeyDown={press}
      />
      {error === undefined ? null : <ProblemNote problem={error.problem} />}
      <Hits groups={groups} chosen={at} onGo={go} />
      <p className={hits.length === 0 ? styles['said'] : text['hidden']} role="status">
        {saidOf({
          typed: typed.trim(),
          isLoading: isLoading || !isSettled,
          hits: hits.length,
          failed: error !== undefined,
        })}
      </p>
      <p className={styles['keys']} aria-hidden="true">
        <kbd>↑</kbd> <kbd>↓</kbd> choose <kbd>Enter</kbd> open <kbd>Ctrl Enter</kbd> in a new tab{' '}
        <kbd>Esc</kbd> close
      </p>
    </>
  )
}

interface Said {
  readonly typed: string
  readonly isLoading: boolean
  readonly hits: number
  readonly failed: boolean
}

function saidOf({ typed, isLoading, hits, failed }: Said): string {
  if (typed === '') return 'Type a name, a number, an id or a message.'
  if (failed) return ''
  if (hits > 0) return `${hits} found`
  if (isLoading) return 'Searching…'
  return typed.length < 2 ? 'Type one letter more.' : `Nothing has all of “${typed.slice(0, 60)}”.`
}

interface HitsProps {
  readonly groups: readonly FoundGroup[]
  readonly chosen: number
  readonly onGo: (hit: Hit, isElsewhere: boolean) => void
}

function Hits({ groups, chosen, onGo }: HitsProps) {
  const starts = groups.map((_, index) =>
    groups.slice(0, index).reduce((sum, { hits }) => sum + hits.length, 0),
  )
  return (
    <div
      id="search-hits"
      role="listbox"
      aria-label="Found"
      className={styles['hits']}
      hidden={groups.length === 0}
    >
      {groups.map(({ kind, hits, more }, group) => (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset holds no options
        <div key={kind} role="group" aria-labelledby={`found-${kind}`}>
          <div id={`found-${kind}`} className={styles['kind']}>
            {TITLES[kind]}
            {more ? <small>the first {hits.length}; type more to find others</small> : null}
          </div>
          {hits.map((hit, index) => {
            const at = (starts[group] ?? 0) + index
            return <HitRow key={`${hit.href} ${at}`} hit={hit} at={at} isChosen={at === chosen} onGo={onGo} />
          })}
        </div>
      ))}
    </div>
  )
}

interface HitRowProps {
  readonly hit: Hit
  readonly at: number
  readonly isChosen: boolean
  readonly onGo: (hit: Hit, isElsewhere: boolean) => void
}

function HitRow({ hit, at, isChosen, onGo }: HitRowProps) {
  const { title, detail, at: moment } = hit
  const press = (event: MouseEvent) => onGo(hit, event.ctrlKey || event.metaKey || event.button === 1)
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the box has the focus, and its keys choose
    // biome-ignore lint/a11y/useFocusableInteractive: as above
    <div
      id={idOf(at)}
      role="option"
      aria-selected={isChosen}
      className={styles['hit']}
      onClick={press}
      onAuxClick={press}
      // The box keeps the focus.
      onMouseDown={(event) => event.preventDefault()}
    >
      <span>{title}</span>
      <small>
        {moment === null ? null : (
          <>
            <LocalTime at={moment} />
            {' · '}
          </>
        )}
        {detail}
      </small>
    </div>
  )
}

'use client'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import type { Review } from '#app/api/schemas/mappings.ts'
import { callApi } from '#app/hooks/api.ts'
import { useAction } from '#app/hooks/use-action.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { Field } from '#app/ui/kit/form.tsx'
import { Note } from '#app/ui/kit/note.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import { Reading } from '#app/ui/kit/reading.tsx'
import { asksForMissed, ChangeReview, type Missed, MissedChoice } from '../change-review.tsx'
import styles from '../customers.module.css'
import { base64Of } from './base64-of.ts'
import { countsText, saveText } from './words.ts'

interface ImportFileProps {
  readonly program: string
  /** Where the customers are shown. */
  readonly customers: string
}

interface Looked {
  readonly file: string
  readonly review: Review
}

/** The file is read in the browser once, so that what is saved is what was shown. */
export function ImportFile({ program, customers }: ImportFileProps) {
  const router = useRouter()
  const { busy, problem, run, clear } = useAction({ refreshes: false })
  const [looked, setLooked] = useState<Looked | null>(null)
  const [missed, setMissed] = useState<Missed>('latest')
  const path = { program }

  const look = (file: string) =>
    run(async () => {
      const review = await callApi('POST /api/programs/{program}/mappings/review', { path, body: { file } })
      setLooked({ file, review })
    })
  const choose = async (chosen: File | undefined) => {
    setLooked(null)
    clear()
    if (chosen !== undefined) await look(base64Of(new Uint8Array(await chosen.arrayBuffer())))
  }
  const save = async ({ file, review }: Looked) => {
    const body = { file, seen: review.seen, ...(asksForMissed(review) ? { missed } : {}) }
    const isSaved = await run(() => callApi('POST /api/programs/{program}/mappings/import', { path, body }))
    if (!isSaved) return
    router.push(customers)
    router.refresh()
  }
  return (
    <div className={styles['import']}>
      <Field
        label="CSV file"
        name="file"
        type="file"
        accept=".csv,.txt,.tsv,text/csv"
        disabled={busy}
        onChange={({ target }) => void choose(target.files?.[0])}
      />
      {busy && looked === null ? <Reading /> : null}
      <ProblemNote problem={problem} />
      {looked === null ? null : (
        <Reviewed
          program={program}
          looked={looked}
          busy={busy}
          isOld={problem?.code === 'conflict'}
          missed={missed}
          onMissed={setMissed}
          onLook={() => void look(looked.file)}
          onSave={() => void save(looked)}
        />
      )}
    </div>
  )
}

interface ReviewedProps {
  readonly program: string
  readonly looked: Looked
  readonly busy: boolean
  /** What it would do has changed since. */
  readonly isOld: boolean
  readonly missed: Missed
  readonly onMissed: (missed: Missed) => void
  readonly onLook: () => void
  readonly onSave: () => void
}

function Reviewed(props: ReviewedProps) {
  const { program, looked, busy, isOld, missed, onMissed, onLook, onSave } = props
  const { review } = looked
  const { counts, unused, unreadable } = review
  const count = counts.map + counts['sync-on'] + counts['sync-off']
  const whyNot =
    count === 0
      ? 'No row of the file changes anything.'
      : isOld
        ? 'It would do something else by now: look again first.'
        : null
  return (
    <>
      <p role="status">{countsText(counts)}</p>
      {unused.length === 0 ? null : <Note tone="quiet">Columns that are not used: {unused.join(', ')}.</Note>}
      {unreadable.map(({ record, reason }) => (
        <Note key={record} tone="warn" remedy="Correct it in ConnectWise, then choose the file again.">
          ConnectWise lists what cannot be read ({record}): {reason}
        </Note>
      ))}
      <ChangeReview program={program} review={review} />
      {asksForMissed(review) ? <MissedChoice missed={missed} onChoose={onMissed} /> : null}
      {counts.wrong > 0 && count > 0 ? (
        <p className={styles['fewer']}>
          Rows that are wrong are left out; the others are saved together, or none of them.
        </p>
      ) : null}
      <div className={styles['actions']}>
        {isOld ? (
          <Button disabled={busy} onClick={onLook}>
            Look again
          </Button>
        ) : null}
        <Button tone="primary" disabled={busy} whyNot={whyNot} onClick={onSave}>
          {saveText(counts)}
        </Button>
      </div>
    </>
  )
}

'use client'
import type { ScanShown } from '#app/api/schemas/scan.ts'
import { callApi } from '#app/hooks/api.ts'
import { useAction } from '#app/hooks/use-action.ts'
import { useScan } from '#app/hooks/use-scan.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { Note } from '#app/ui/kit/note.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import { Progress } from '#app/ui/kit/progress.tsx'
import { Reading } from '#app/ui/kit/reading.tsx'
import { agoText } from './ago-text.ts'
import styles from './companies-without-tenant.module.css'

/** Reading all agreements of ConnectWise: how old it is, begin, how far it is, stop. */
export function FullScan() {
  const { data, mutate } = useScan()
  const { busy, problem, run } = useAction({ refreshes: false })
  if (data === undefined) return <Reading />
  const start = () => run(async () => mutate(await callApi('POST /api/connectwise/scan'), false))
  const stop = () =>
    run(async () => {
      await callApi('POST /api/connectwise/scan/stop')
      await mutate()
    })
  const isRunning = data.state === 'running'
  return (
    <section className={styles['scan']} aria-label="Reading all agreements">
      <p>
        {data.readAt === null
          ? 'Suggestions read the agreements of the likeliest companies only. Reading all takes a request for each agreement, and finds companies by the subscriptions on their additions.'
          : `Read ${agoText(data.readAt)}. Suggestions use it.`}
      </p>
      {isRunning ? <Under scan={data} /> : <Ended scan={data} />}
      {data.contacts === null ? null : (
        <Note
          tone="warn"
          remedy="Give the API member’s security role that permission in ConnectWise, then read all again."
        >
          {data.contacts}
        </Note>
      )}
      <ProblemNote problem={problem} />
      <div className={styles['actions']}>
        {isRunning ? (
          <Button
            disabled={busy}
            whyNot={data.isStopping ? 'It stops after what is being read.' : null}
            isWhySaid
            onClick={() => void stop()}
          >
            {data.isStopping ? 'Stopping…' : 'Stop reading'}
          </Button>
        ) : (
          <Button disabled={busy} onClick={() => void start()}>
            {data.state === 'stopped' || data.state === 'failed'
              ? 'Go on reading'
              : data.readAt === null
                ? 'Read all agreements'
                : 'Read all again'}
          </Button>
        )}
      </div>
    </section>
  )
}

const some = (count: number): string => count.toLocaleString('en-GB')

function Under({ scan: { read, of } }: { scan: ScanShown }) {
  return (
    <>
      <p role="status">
        {of === 0 ? 'Listing the agreements…' : `Read ${some(read)} of ${some(of)} agreements.`}
      </p>
      <Progress label="Agreements read" done={read} total={of} />
    </>
  )
}

function Ended({ scan: { state, note, refused, read, of } }: { scan: ScanShown }) {
  return (
    <>
      {state === 'stopped' || state === 'failed' ? (
        <p>{`${state === 'failed' ? `It stopped: ${note ?? ''}` : (note ?? '')} · ${some(read)} of ${some(of)} agreements were read.`}</p>
      ) : null}
      {refused === 0 ? null : (
        <p>
          {refused === 1
            ? 'ConnectWise did not give the additions of 1 agreement.'
            : `ConnectWise did not give the additions of ${some(refused)} agreements.`}
        </p>
      )}
    </>
  )
}

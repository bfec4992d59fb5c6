'use client'
import { useState } from 'react'
import type { ShownPod } from '#app/api/schemas/hosted-setups.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { Dialog, DialogActions } from '#app/ui/kit/dialog.tsx'
import { Mark } from '#app/ui/kit/mark.tsx'
import { Note } from '#app/ui/kit/note.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import { ByHand } from './by-hand.tsx'
import { LookAgain } from './look-again.tsx'
import { NAMES, othersSentence, STATES, sentenceOf, WHAT } from './pod-words.ts'
import styles from './pods.module.css'
import { headingOf, type PodWork, usePodWork } from './use-pod-work.ts'

interface PodsProps {
  readonly pods: readonly ShownPod[]
  readonly warning: string | null
  readonly mayInstall: boolean
}

/** Each pod: whether it is there and as it should be, and what can be done about it (H5). */
export function Pods({ pods, warning, mayInstall }: PodsProps) {
  const work = usePodWork()
  const open = pods.filter(({ state }) => state === 'absent' || state === 'faulty')
  return (
    <>
      <div className={styles['head']}>
        <h2 id={headingOf('all')} tabIndex={-1}>
          {countText(pods)}
        </h2>
        <div className={styles['actions']}>
          {mayInstall && open.length > 1 ? (
            <Button tone="primary" disabled={work.busy} onClick={() => void work.install('all')}>
              {open.every(({ state }) => state === 'absent') ? 'Install all' : 'Install and repair all'}
            </Button>
          ) : null}
          <LookAgain isBusy={work.busy} />
        </div>
      </div>
      {warning === null ? null : <Note tone="warn">{warning}</Note>}
      {mayInstall ? null : <p className={styles['lead']}>An owner of the organisation installs them.</p>}
      <Outcome work={work} of="all" />
      <ul className={styles['pods']}>
        {pods.map((pod) => (
          <PodRow key={pod.pod} pod={pod} mayInstall={mayInstall} isAlone={open.length === 1} work={work} />
        ))}
      </ul>
    </>
  )
}

function countText(pods: readonly ShownPod[]): string {
  const offered = pods.filter(({ state }) => state !== 'not-offered')
  const right = offered.filter(({ state }) => state === 'installed')
  return `${right.length} of ${offered.length} installed as they should be`
}

/** What came of the last press, announced. */
function Outcome({ work, of }: { work: PodWork; of: PodWork['of'] }) {
  const isHere = work.of === of && !work.busy
  return (
    <div className={styles['outcome']}>
      <div role="status">{isHere && work.did !== null ? <Note tone="quiet">{work.did}</Note> : null}</div>
      {isHere ? <ProblemNote problem={work.problem} /> : null}
    </div>
  )
}

interface PodRowProps {
  readonly pod: ShownPod
  readonly mayInstall: boolean
  /** Nothing else is to do on the page, so that its button is the page's main one. */
  readonly isAlone: boolean
  readonly work: PodWork
}

function PodRow({ pod, mayInstall, isAlone, work }: PodRowProps) {
  const { tone, text } = STATES[pod.state]
  const sentence = sentenceOf(pod)
  return (
    <li className={styles['pod']}>
      <div>
        <Mark tone={tone}>{text}</Mark>
      </div>
      <div className={styles['about']}>
        <h3 id={headingOf(pod.pod)} tabIndex={-1}>
          {NAMES[pod.pod]}
        </h3>
        <p>{WHAT[pod.pod]}</p>
        {sentence === null ? null : <p className={styles['found']}>{sentence}</p>}
        {pod.faults.length === 0 ? null : (
          <ul className={styles['faults']}>
            {pod.faults.map(({ code, message }) => (
              <li key={code}>{message}</li>
            ))}
          </ul>
        )}
        {pod.others.length === 0 ? null : <Note tone="quiet">{othersSentence(pod.others)}</Note>}
        <Outcome work={work} of={pod.pod} />
        {pod.state === 'not-offered' ? null : <ByHand pod={pod.pod} byHand={pod.byHand} />}
      </div>
      {mayInstall ? <Actions pod={pod} isAlone={isAlone} work={work} /> : null}
    </li>
  )
}

const VERBS = { absent: 'Install', faulty: 'Repair' } as const
const DOING = { absent: 'Installing…', faulty: 'Repairing…' } as const

type ActionsProps = Pick<PodRowProps, 'pod' | 'isAlone' | 'work'>

function Actions({ pod: { pod, state, isThere }, isAlone, work }: ActionsProps) {
  const [isAsking, setAsking] = useState(false)
  const isDoing = work.busy && (work.of === pod || work.of === 'all')
  const named = (verb: string) => `${verb} ${NAMES[pod].toLowerCase()}`
  return (
    <div className={styles['actions']}>
      {state === 'absent' || state === 'faulty' ? (
        <Button
          tone={isAlone ? 'primary' : undefined}
          disabled={work.busy}
          aria-label={named(isDoing ? DOING[state] : VERBS[state])}
          onClick={() => void work.install(pod)}
        >
          {isDoing ? DOING[state] : VERBS[state]}
        </Button>
      ) : null}
      {isThere ? (
        <Button
          tone="plain"
          disabled={work.busy}
          aria-label={named('Remove')}
          onClick={() => setAsking(true)}
        >
          Remove
        </Button>
      ) : null}
      {isAsking ? <Removing pod={pod} work={work} onClose={() => setAsking(false)} /> : null}
    </div>
  )
}

function Removing({ pod, work, onClose }: { pod: ShownPod['pod']; work: PodWork; onClose: () => void }) {
  const name = NAMES[pod].toLowerCase()
  const remove = () => {
    onClose()
    void work.remove(pod)
  }
  return (
    <Dialog title={`Remove the ${name}?`} onClose={onClose}>
      <p>
        Everybody’s ConnectWise stops showing the {name}. Mappings, results and additions stay, syncs go on,
        and it can be installed again at any time.
      </p>
      <DialogActions>
        <Button onClick={onClose}>Keep it</Button>
        <Button tone="primary" onClick={remove}>
          Remove
        </Button>
      </DialogActions>
    </Dialog>
  )
}

import Link from 'next/link'
import button from '#app/ui/kit/button.module.css'
import { Mark } from '#app/ui/kit/mark.tsx'
import table from '#app/ui/kit/table.module.css'
import type { FirstRunStep } from '#lib/setup/first-run.ts'
import styles from './first-run.module.css'

/** What is to be set up, in its order; the first step that is possible has the main button. */
export function FirstRun({ steps }: { steps: readonly FirstRunStep[] }) {
  const done = steps.filter(({ isDone }) => isDone).length
  const next = steps.findIndex(({ isDone, whyNot }) => !isDone && whyNot === null)
  return (
    <section className={styles['firstRun']} aria-labelledby="first-run">
      <h2 id="first-run">First steps</h2>
      <p className={styles['lead']}>
        {done} of {steps.length} are done. Each ticks itself.
      </p>
      <ol className={[table['panel'], styles['steps']].join(' ')}>
        {steps.map((step, at) => (
          <Step key={step.title} step={step} isNext={at === next} />
        ))}
      </ol>
    </section>
  )
}

function Step({
  step: { title, isDone, detail, button: label, href, whyNot },
  isNext,
}: {
  step: FirstRunStep
  isNext: boolean
}) {
  return (
    <li aria-current={isNext ? 'step' : undefined}>
      <Mark tone={isDone ? 'good' : 'quiet'}>{isDone ? 'Done' : 'To do'}</Mark>
      <div>
        <h3>{title}</h3>
        <p>{detail}</p>
      </div>
      {isDone ? null : whyNot === null ? (
        <Link
          href={href}
          prefetch={false}
          className={[button['button'], isNext ? button['primary'] : ''].join(' ')}
        >
          {label}
        </Link>
      ) : (
        <small>{whyNot}</small>
      )}
    </li>
  )
}

/** The figures of a deployment in the text that Prometheus reads (exposition format 0.0.4). */
import type { Figures } from '#db/observation.ts'

type Labels = Readonly<Record<string, string>>
interface Sample {
  readonly labels: Labels
  readonly value: number
}
interface Family {
  readonly name: string
  readonly help: string
  readonly samples: readonly Sample[]
}

/** All are gauges: the tables say how it is, and how it was in the last day, but keep no sum since the beginning. */
export const metricsText = (figures: Figures): string => familiesOf(figures).map(textOf).join('')

export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

function familiesOf({ runs, writes, throttled, open, jobs, looks, keeping }: Figures): Family[] {
  return [
    {
      name: 'prism_pod_runs_24h',
      help: 'Runs begun in the last 24 hours, by kind and status (queued and running ones by their state).',
      samples: runs.map(({ kind, status, count }) => ({ labels: { kind, status }, value: count })),
    },
    {
      name: 'prism_pod_writes_24h',
      help: 'Writes to ConnectWise meant in the last 24 hours, by outcome.',
      samples: countsBy('outcome', OUTCOMES, writes),
    },
    {
      name: 'prism_pod_throttled_answers_24h',
      help: 'Answers in the last 24 hours that said that they were asked too much (429), by connection.',
      samples: countsBy('connection', CONNECTIONS, throttled),
    },
    {
      name: 'prism_pod_open_writes',
      help: 'Writes under way (pending) and those whose outcome is not known (unknown), now.',
      samples: countsBy('outcome', OPEN, open),
    },
    {
      name: 'prism_pod_open_writes_oldest_seconds',
      help: 'Age of the oldest open write, by outcome; left out where there is none.',
      samples: open.flatMap(({ outcome, oldest }) => age({ outcome }, oldest)),
    },
    {
      name: 'prism_pod_jobs_waiting',
      help: 'Jobs that wait, also for their time, by queue.',
      samples: jobs.map(({ queue, waiting }) => ({ labels: { queue }, value: waiting })),
    },
    {
      name: 'prism_pod_jobs_active',
      help: 'Jobs that are being done, by queue.',
      samples: jobs.map(({ queue, active }) => ({ labels: { queue }, value: active })),
    },
    {
      name: 'prism_pod_jobs_oldest_seconds',
      help: 'How long a job waits that should have begun first, by queue; left out where none does.',
      samples: jobs.flatMap(({ queue, oldest }) => age({ queue }, oldest)),
    },
    {
      name: 'prism_pod_oldest_look_seconds',
      help: 'Since the last look for invoices of the organisation that waits longest; left out where none is connected.',
      samples: age({}, looks.longest),
    },
    {
      name: 'prism_pod_oldest_due_look_seconds',
      help: 'How long an agreement waits that should have been looked at again first; left out where none does.',
      samples: age({}, looks.again),
    },
    {
      name: 'prism_pod_removed_rows_24h',
      help: 'Rows removed as their time was over, when organisations were last looked through in 24 hours, by rule.',
      samples: keeping.removed.map(({ rule, count }) => ({ labels: { rule }, value: count })),
    },
    {
      name: 'prism_pod_removals_overdue_seconds',
      help: 'How long an organisation waits that should have been looked through for old rows first; left out where none does.',
      samples: age({}, keeping.overdue),
    },
    {
      name: 'prism_pod_deletion_oldest_seconds',
      help: 'Since when an organisation is being deleted; left out where none is.',
      samples: age({}, keeping.deleting),
    },
  ]
}

const OUTCOMES = ['pending', 'done', 'refused', 'unknown', 'lost', 'not-sent'] as const
const OPEN = ['pending', 'unknown'] as const
const CONNECTIONS = ['prism', 'connectwise'] as const

/** A sample for each value there is, so that a rule can tell 0 from a figure that is not measured. */
function countsBy<K extends string>(
  key: K,
  values: readonly string[],
  found: readonly (Readonly<Record<K, string>> & { readonly count: number })[],
): Sample[] {
  const counts = new Map<string, number>(found.map((each) => [each[key], each.count]))
  return values.map((value) => ({ labels: { [key]: value }, value: counts.get(value) ?? 0 }))
}

const age = (labels: Labels, seconds: number | null): Sample[] =>
  seconds === null ? [] : [{ labels, value: Math.max(0, seconds) }]

const textOf = ({ name, help, samples }: Family): string =>
  [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} gauge`,
    ...samples.map(({ labels, value }) => `${name}${labelText(labels)} ${value}`),
    '',
  ].join('\n')

const labelText = (labels: Labels): string => {
  const written = Object.entries(labels).map(([key, value]) => `${key}="${escaped(value)}"`)
  return written.length === 0 ? '' : `{${written.join(',')}}`
}

const escaped = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')

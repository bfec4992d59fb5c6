import { describe, expect, it } from 'vitest'
import type { Figures } from '#db/observation.ts'
import { metricsText } from './metrics.ts'
import { samplesOf } from './testing/prometheus.ts'

const none: Figures = {
  runs: [],
  writes: [],
  throttled: [],
  open: [],
  jobs: [],
  looks: { longest: null, newest: null, again: null },
  keeping: { removed: [], overdue: null, deleting: null },
}
const some: Figures = {
  runs: [
    { kind: 'customers', status: 'No Change', count: 3 },
    { kind: 'products', status: 'running', count: 1 },
  ],
  writes: [
    { outcome: 'done', count: 40 },
    { outcome: 'refused', count: 2 },
  ],
  throttled: [{ connection: 'connectwise', count: 7 }],
  open: [{ outcome: 'unknown', count: 1, oldest: 90 }],
  jobs: [{ queue: 'detect', waiting: 2, active: 1, oldest: 12 }],
  looks: { longest: 300, newest: 60, again: -1 },
  keeping: { removed: [{ rule: 'sign-ins', count: 12 }], overdue: 30, deleting: 40 },
}

describe('the figures as Prometheus reads them', () => {
  it('can be read, each with what it is', () => {
    const samples = samplesOf(metricsText(some))
    expect(samples).toMatchObject({
      'prism_pod_runs_24h{kind="customers",status="No Change"}': 3,
      'prism_pod_runs_24h{kind="products",status="running"}': 1,
      'prism_pod_writes_24h{outcome="done"}': 40,
      'prism_pod_writes_24h{outcome="refused"}': 2,
      'prism_pod_throttled_answers_24h{connection="connectwise"}': 7,
      'prism_pod_open_writes{outcome="unknown"}': 1,
      'prism_pod_open_writes_oldest_seconds{outcome="unknown"}': 90,
      'prism_pod_jobs_waiting{queue="detect"}': 2,
      'prism_pod_jobs_active{queue="detect"}': 1,
      'prism_pod_jobs_oldest_seconds{queue="detect"}': 12,
      prism_pod_oldest_look_seconds: 300,
      'prism_pod_removed_rows_24h{rule="sign-ins"}': 12,
      prism_pod_removals_overdue_seconds: 30,
      prism_pod_deletion_oldest_seconds: 40,
    })
  })

  it('say 0 where nothing was, so that a rule can tell it from a figure that is not there', () => {
    const samples = samplesOf(metricsText(none))
    expect(samples).toMatchObject({
      'prism_pod_writes_24h{outcome="unknown"}': 0,
      'prism_pod_throttled_answers_24h{connection="prism"}': 0,
      'prism_pod_open_writes{outcome="pending"}': 0,
    })
  })

  it('leave an age out where there is nothing that could have one, and none is below 0', () => {
    const ages = Object.keys(samplesOf(metricsText(none))).filter((name) => name.includes('_seconds'))
    expect(ages).toEqual([])
    expect(samplesOf(metricsText(some))['prism_pod_oldest_due_look_seconds']).toBe(0)
  })

  it('are read as they were meant, whatever is in a label', () => {
    const status = 'a "quoted"\\ back\nslash'
    const text = metricsText({ ...none, runs: [{ kind: 'products', status, count: 1 }] })
    expect(text.split('\n').filter((line) => line.startsWith('prism_pod_runs_24h'))).toEqual([
      String.raw`prism_pod_runs_24h{kind="products",status="a \"quoted\"\\ back\nslash"} 1`,
    ])
    expect(Object.keys(samplesOf(text))).toContain(
      String.raw`prism_pod_runs_24h{kind="products",status="a \"quoted\"\\ back\nslash"}`,
    )
  })
})

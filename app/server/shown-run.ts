import type { Run } from '#db/queries/runs.ts'

/** A run as the API shows it: moments as text. */
export const shownRun = (run: Run) => ({
  id: run.id,
  program: run.program,
  kind: run.kind,
  trigger: run.trigger,
  actor: run.actor,
  state: run.state,
  status: run.status,
  note: run.note,
  firstPeriod: run.firstPeriod,
  lastPeriod: run.lastPeriod,
  createdAt: run.createdAt.toISOString(),
  startedAt: run.startedAt?.toISOString() ?? null,
  finishedAt: run.finishedAt?.toISOString() ?? null,
})

/** The first steps of an organisation (B1, G6); all of it stored. */
import { server } from '#app/process/process.ts'
import { connectionsOf } from '#db/connections/connections.ts'
import { preflight } from '#db/connections/preflights.ts'
import { tenantsToMatch } from '#db/mappings/accepted.ts'
import { customerCounts } from '#db/mappings/customers.ts'
import { programSettings } from '#db/prism/programs.ts'
import { lastProductRun } from '#db/runs/product-runs.ts'
import { type Action, mayDo, type Principal } from '#lib/auth/actions.ts'
import type { Program } from '#lib/programs/registry.ts'
import { type FirstRunFacts, type FirstRunStep, firstRunSteps, isFirstRunOver } from '#lib/setup/first-run.ts'

/** Of each step, who may do it and who else does it for them. */
const doneBy: readonly (readonly [within: string, action: Action, whoElse: string])[] = [
  ['/connections', 'connections.write', 'An owner of your organisation does this.'],
  ['/preparation', 'preflight.read', ''],
  ['/customers', 'customers.many', 'A clerk or an owner of your organisation does this.'],
  ['/products', 'products.read', ''],
]

/** Whoever may not do a step is told who does. */
function forWhom(step: FirstRunStep, { role, via }: Principal): FirstRunStep {
  const [, action = 'program.write', whoElse = 'An owner of your organisation does this.'] =
    doneBy.find(([within]) => step.href.includes(within)) ?? []
  return mayDo(role, action, via) ? step : { ...step, whyNot: step.whyNot ?? whoElse }
}

/** The steps with what is done of them; `null`: they are over. */
export async function firstRun(
  principal: Principal,
  program: Program,
): Promise<readonly FirstRunStep[] | null> {
  const { db } = server()
  const { organisationId } = principal
  const [settings, counts] = await Promise.all([
    programSettings(db, organisationId, program.slug),
    customerCounts(db, organisationId, program.slug),
  ])
  const { mapped, syncing, attention } = counts
  const isProgramOn = settings?.enabled ?? false
  const syncs = syncing + attention
  if (isProgramOn && syncs > 0) return null
  const [connections, found, products, toMatch] = await Promise.all([
    connectionsOf(db, organisationId),
    preflight(db, organisationId, program.slug),
    lastProductRun(db, organisationId, program.slug),
    tenantsToMatch(db, organisationId, program.slug),
  ])
  const stateOf = (kind: 'prism' | 'connectwise') =>
    connections.find((each) => each.kind === kind)?.state ?? 'never'
  const facts: FirstRunFacts = {
    program: { slug: program.slug, name: program.name },
    connections: { prism: stateOf('prism'), connectwise: stateOf('connectwise') },
    unprepared: found === null ? null : found.checks.filter(({ state }) => state !== 'ok').length,
    isProgramOn,
    areProductsSynced: products !== null,
    customers: { all: toMatch + mapped + syncs, mapped: mapped + syncs, syncing: syncs },
  }
  return isFirstRunOver(facts) ? null : firstRunSteps(facts).map((step) => forWhom(step, principal))
}

/** The page that somebody comes to who asked for none: whoever may connect, to the connections until both are there (B1, B6). */
export async function firstPage({ organisationId, role }: Principal): Promise<string> {
  if (!mayDo(role, 'connections.write')) return '/'
  const stored = await connectionsOf(server().db, organisationId)
  return stored.length < 2 ? '/connections' : '/'
}

/** Our pods in an organisation's ConnectWise: looked at, installed or repaired, and removed (H5). */
import type { BodyOf, QueryOf } from '#app/contracts/contract.ts'
import type { Reply, Table } from '#app/contracts/table.ts'
import { insecureWarning, podsByHand, shownPod } from '#app/views/hosted-setups.ts'
import { organisation } from '#db/directory/organisations.ts'
import { audit } from '#db/people/audit.ts'
import type { Principal } from '#lib/auth/actions.ts'
import { alone } from '#lib/setup/alone.ts'
import {
  installPods,
  lookAtPods,
  type PodsContext,
  type PodsDone,
  removePods,
} from '#lib/setup/install-pods.ts'
import { type PodOwner, podNames } from '#lib/setup/our-pods.ts'
import { connectWiseOf } from './clients.ts'
import { server } from './process.ts'

/** Throws `connectwise-not-connected`, and what `lookAtPods` throws. */
export async function lookAtOurPods(organisationId: string): Promise<Reply<'GET /api/hosted/setups'>> {
  const { ctx, site } = await podsContext(organisationId)
  const found = await lookAtPods({ ctx })
  return { pods: found.map((each) => shownPod(each, ctx)), warning: insecureWarning(ctx, site) }
}

/** What to enter by hand, which needs no answer of ConnectWise. */
export const ourPodsByHand = async (organisationId: string) => podsByHand(await ownerOf(organisationId))

/** Throws as `lookAtOurPods`; and what ended it early, after it was noted what was done. */
export async function installOurPods(
  principal: Principal,
  { pods: asked }: BodyOf<Table['POST /api/hosted/setups']>,
): Promise<Reply<'POST /api/hosted/setups'>> {
  const pods = asked ?? podNames
  return { pods: await written(principal, 'install-pods', (ctx) => installPods({ ctx, input: { pods } })) }
}

/** Throws as `installOurPods`. */
export async function removeOurPods(
  principal: Principal,
  { pod }: QueryOf<Table['DELETE /api/hosted/setups']>,
): Promise<Reply<'DELETE /api/hosted/setups'>> {
  const pods = pod === undefined ? podNames : [pod]
  return { pods: await written(principal, 'remove-pods', (ctx) => removePods({ ctx, input: { pods } })) }
}

const BUSY = 'Somebody else is installing or removing pods at the moment. Look again in a minute.'

async function written<T extends object>(
  { organisationId, actor }: Principal,
  action: string,
  write: (ctx: PodsContext) => Promise<PodsDone<T>>,
): Promise<T[]> {
  const { db } = server()
  const { ctx } = await podsContext(organisationId)
  const { pods, failure } = await alone({
    ctx: { db, organisationId, actor },
    input: { resource: 'hosted-setups', busy: BUSY, work: (mayWrite) => write({ ...ctx, mayWrite }) },
  })
  const failed = failure === null ? {} : { failed: failure.pod, why: failure.error.detail }
  const detail = { pods, ...failed }
  await audit(db, organisationId, { actor, action, subject: 'ConnectWise', detail })
  if (failure !== null) throw failure.error
  return [...pods]
}

async function podsContext(organisationId: string): Promise<{
  readonly ctx: Omit<PodsContext, 'mayWrite'>
  /** ConnectWise's, as entered. */
  readonly site: string
}> {
  const owner = await ownerOf(organisationId)
  const { client: connectWise, settings } = await connectWiseOf(organisationId)
  const clientId = settings.clientId ?? server().env.connectWiseClientId
  return { ctx: { ...owner, connectWise, clientId }, site: settings.site }
}

async function ownerOf(organisationId: string): Promise<PodOwner> {
  const { db, env } = server()
  const found = await organisation(db, organisationId)
  if (found === null) throw new Error('A principal belongs to an organisation that is not there')
  return { appUrl: env.appUrl, publicId: found.publicId }
}

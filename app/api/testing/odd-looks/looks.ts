/** Many organisations of one deployment, some with odd answers and some untouched, and the scheduled call that looks at all. */
import { server } from '#app/process/process.ts'
import { putMapping } from '#db/mappings/mappings.ts'
import { putProgramSettings } from '#db/prism/programs.ts'
import { programs } from '#lib/programs/registry.ts'
import { type ConnectWise, createConnectWise } from '#standin/connectwise/server.ts'
import type { Records } from '#standin/connectwise/store.ts'
import { createPrism, type Prism } from '#standin/prism/prism.ts'
import { call, cronSecret, settled } from '../api-world.ts'
import { type Damage, interceptAll, reachOf } from './damage.ts'
import { damagesOf } from './damages.ts'
import { differenceOf, type EndState, endStateOf, faultsOf } from './end-state.ts'
import type { Front } from './front.ts'
import { connectedOrganisation, copyHistory, disconnect, type StoredOrganisation } from './organisations.ts'
import { atMay, program, type SmallPartner, smallPartner } from './small-partner.ts'

/** A partner whose April is synced: where each look at it begins, and where a clean one ends. */
export interface Partner {
  readonly small: SmallPartner
  readonly organisation: StoredOrganisation
  readonly records: Records
  readonly before: EndState
  readonly clean: EndState
}

interface Standing {
  readonly organisation: StoredOrganisation
  readonly prism: Prism
  readonly connectWise: ConnectWise
}

let organisationsMade = 0

async function stand(
  front: Front,
  small: SmallPartner,
  damages: readonly Damage[],
  records?: Records,
): Promise<Standing> {
  organisationsMade += 1
  const key = `company${organisationsMade}`
  const prism = createPrism({ seed: small.prism(key), issuedAtStart: 1 })
  const connectWise = createConnectWise({ seed: small.connectWise(key, records) })
  front.behind.set(key, {
    prism: await prism.listen(0),
    connectWise: await connectWise.listen(0),
    intercept: interceptAll(damages),
  })
  return { organisation: await connectedOrganisation(key, front.connectWiseUrl), prism, connectWise }
}

async function standDown(front: Front, { organisation, prism, connectWise }: Standing): Promise<void> {
  await disconnect(organisation)
  front.behind.delete(organisation.key)
  await Promise.all([prism.close(), connectWise.close()])
}

const issueNext = ({ prism }: Standing): void => {
  for (const book of prism.store.books()) prism.store.issueNext(book)
}

/** Syncs April, and May once cleanly, of each partner. */
export async function startPartners(front: Front, seeds: readonly number[]): Promise<Partner[]> {
  const smalls = seeds.map((seed) => smallPartner(seed))
  const firsts = await Promise.all(smalls.map((small) => stand(front, small, [])))
  for (const [at, { organisation }] of firsts.entries())
    await configure(organisation, smalls[at] as SmallPartner)
  await look()
  for (const { organisation } of firsts) await disconnect(organisation)
  const partners = smalls.map((small, at) => {
    const first = firsts[at] as Standing
    return { small, organisation: first.organisation, records: atMay(recordsOf(first.connectWise)) }
  })
  const cleans = await Promise.all(partners.map((partner) => standAtMay(front, partner, [])))
  const befores = await Promise.all(cleans.map(readEnd))
  await look()
  const ends = await Promise.all(cleans.map(readEnd))
  for (const each of [...firsts, ...cleans]) await standDown(front, each)
  // Looks are judged beside these; where one of them fails, nothing can be said of any.
  for (const { statuses, trouble } of ends)
    if (trouble !== null || [...statuses.values()].includes('Error'))
      throw new Error(`The clean look went wrong: ${trouble ?? [...statuses.values()].join(', ')}`)
  return partners.map((partner, at) => ({
    ...partner,
    before: befores[at] as EndState,
    clean: ends[at] as EndState,
  }))
}

const readEnd = ({ organisation, connectWise }: Standing): Promise<EndState> =>
  endStateOf(organisation, connectWise.store)

async function configure({ id }: StoredOrganisation, { customers }: SmallPartner): Promise<void> {
  const { db } = server()
  const [microsoftCsp] = programs
  if (microsoftCsp === undefined) throw new Error('There is no program')
  await putProgramSettings(db, id, program, {
    ...microsoftCsp.defaults,
    enabled: true,
    productMode: 'in-use',
    syncAzure: true,
  })
  for (const { tenantId, companyId, agreementId } of customers)
    await putMapping(db, id, program, tenantId, { companyId, agreementId, syncEnabled: true })
}

const recordsOf = ({ store }: ConnectWise): Records => ({
  companies: store.all('companies'),
  contacts: store.all('contacts'),
  agreements: store.all('agreements'),
  catalog: store.all('catalog'),
  additions: store.all('additions'),
  members: store.all('members'),
})

type StartOfMay = Pick<Partner, 'small' | 'organisation' | 'records'>

async function standAtMay(front: Front, partner: StartOfMay, damages: readonly Damage[]): Promise<Standing> {
  const standing = await stand(front, partner.small, damages, partner.records)
  await copyHistory(partner.organisation, standing.organisation)
  issueNext(standing)
  return standing
}

// ───────────────────────────── the scheduled call ─────────────────────────────

const mostCalls = 3

/** Calls as a platform does until no job is left. Throws where a call answers badly, or jobs never end. */
async function look(): Promise<void> {
  const authorization = `Bearer ${cronSecret}`
  for (let calls = 0; calls < mostCalls; calls += 1) {
    const answer = await call('GET', `/api/cron/sync${calls === 0 ? '' : '?detect=no'}`, {
      headers: { authorization },
    })
    const text = await answer.text()
    await settled()
    if (answer.status >= 500) throw new Error(`The scheduled call answers ${answer.status}: ${text}`)
    if ((JSON.parse(text) as { readonly jobsLeft: number }).jobsLeft === 0) return
  }
  throw new Error(`Jobs are left after ${mostCalls} scheduled calls`)
}

// ───────────────────────────── odd looks ─────────────────────────────

interface OddLook {
  readonly seed: number
  readonly partner: Partner
  readonly damages: readonly Damage[]
}

export const oddLook = (seed: number, partners: readonly Partner[]): OddLook => {
  const partner = partners[seed % partners.length]
  if (partner === undefined) throw new Error('There is no partner')
  return { seed, partner, damages: damagesOf(seed, partner.small) }
}

/** What a failing look is: its seed, what was odd, what came of it. */
const inWords = ({ seed, damages }: OddLook, faults: readonly string[]): string =>
  [
    `ODD_LOOK_SEED=${seed}`,
    ...damages.map(({ words }) => `- ${words}`),
    ...faults.map((fault) => `  ${fault.replaceAll('\n', '\n    ')}`),
  ].join('\n')

/**
 * Looks at all, several at a time, and answers what is wrong, one text each. Where what is wrong is nobody's own, each look
 * of those is made again alone, so that the seed is known.
 */
export async function faultsOfLooks(
  front: Front,
  looks: readonly OddLook[],
  atATime: number,
): Promise<string[]> {
  const wrong: string[] = []
  for (let at = 0; at < looks.length; at += atATime) {
    const together = looks.slice(at, at + atATime)
    const { own, shared } = await lookAt(front, together)
    wrong.push(...own)
    if (shared.length === 0) continue
    if (together.length === 1) wrong.push(...together.map((each) => inWords(each, shared)))
    else {
      const alone = await faultsOfLooks(front, together, 1)
      const seeds = together.map(({ seed }) => seed).join(', ')
      wrong.push(...(alone.length > 0 ? alone : [`Only together, ${seeds}:`, ...shared]))
    }
  }
  return [...new Set(wrong)]
}

interface Faults {
  /** Of one look, in words. */
  readonly own: readonly string[]
  /** What happened to all, or to an untouched organisation. */
  readonly shared: readonly string[]
}

/** One scheduled look at several odd organisations of a deployment, between two untouched ones. */
async function lookAt(front: Front, looks: readonly OddLook[]): Promise<Faults> {
  const [first] = looks
  if (first === undefined) return { own: [], shared: [] }
  const kept = [await standAtMay(front, first.partner, [])]
  const odd = await Promise.all(looks.map(({ partner, damages }) => standAtMay(front, partner, damages)))
  kept.push(await standAtMay(front, first.partner, []))
  try {
    await look()
    const own = await oddFaults(looks, odd, reachOf)
    const shared = await keptFaults(kept, first.partner)
    own.push(...(await healingFaults(front, looks, odd)))
    return { own, shared: [...shared, ...(await keptFaults(kept, first.partner))] }
  } catch (error) {
    return { own: [], shared: [String(error)] }
  } finally {
    for (const each of [...kept, ...odd]) await standDown(front, each)
  }
}

async function keptFaults(kept: readonly Standing[], { before, clean }: Partner): Promise<string[]> {
  const ends = await Promise.all(kept.map(readEnd))
  return ends.flatMap((end) => {
    const faults = faultsOf({ before, clean, odd: end }, { agreements: [], skus: [] })
    if (end.products !== clean.products)
      faults.push(`its products are ${differenceOf(end.products, clean.products)}`)
    return faults.map((fault) => `An untouched organisation: ${fault}`)
  })
}

async function oddFaults(
  looks: readonly OddLook[],
  standing: readonly Standing[],
  reach: (damages: readonly Damage[]) => Parameters<typeof faultsOf>[1],
): Promise<string[]> {
  const ends = await Promise.all(standing.map(readEnd))
  return looks.flatMap((each, at) => {
    const { before, clean } = each.partner
    const faults = faultsOf({ before, clean, odd: ends[at] as EndState }, reach(each.damages))
    return faults.length === 0 ? [] : [inWords(each, faults)]
  })
}

/** Where everything odd heals, the next look without it ends where a clean one ends. */
async function healingFaults(
  front: Front,
  looks: readonly OddLook[],
  standing: readonly Standing[],
): Promise<string[]> {
  const heals = (each: OddLook) => each.damages.every((damage) => damage.heals)
  const again = looks.flatMap((each, at) =>
    heals(each) ? [{ each, standing: standing[at] as Standing }] : [],
  )
  for (const [at, each] of looks.entries())
    if (!heals(each)) await disconnect((standing[at] as Standing).organisation)
  if (again.length === 0) return []
  for (const {
    standing: { organisation },
  } of again) {
    const behind = front.behind.get(organisation.key)
    if (behind !== undefined) front.behind.set(organisation.key, { ...behind, intercept: interceptAll([]) })
  }
  await look()
  const faults = await oddFaults(
    again.map(({ each }) => each),
    again.map((each) => each.standing),
    () => ({ agreements: [], skus: [] }),
  )
  return faults.map((fault) => `After it was right again: ${fault}`)
}

/**
 * Each kind of what waits, made by a real cause in the stand-ins, in each of some organisations at once; one after the other, as
 * they stand here, on the customers of the demo. Free of the test runner.
 */
import type { ActionId, InboxKind } from '#lib/inbox/item.ts'
import { tenantId } from '../../../standin/data/index.ts'
import type { ShownItem } from '../schemas/inbox.ts'
import { consequencesSchema } from '../schemas/leaving.ts'
import { runsSchema } from '../schemas/runs.ts'
import { customer, type InboxWorld, type Lines, PROGRAM, type PrismWorld } from './inbox-world.ts'

/** Who waits from the beginning. */
const trouble = ['trey', 'messenger', 'phone', 'blueyonder', 'fourthcoffee', 'vanarsdel', 'nod'] as const

/** What the cases play on. */
export interface Stage {
  readonly prism: PrismWorld
  /** Organisations with a ConnectWise of their own. */
  readonly all: readonly InboxWorld[]
  /** Somebody of PRISM's partner signs in who is not known yet. */
  readonly newcomer: () => Promise<void>
}

export interface Case {
  /** Makes the cause; nothing where the demo's first month has it. */
  readonly make?: (stage: Stage) => Promise<void>
  readonly which?: (item: ShownItem) => boolean
  readonly says: RegExp
  /** Its amount; `null`: it is about none, or that is not known. */
  readonly money: RegExp | null
  readonly per?: 'month' | 'once'
  /** What is mended first, where that is not done here. */
  readonly mend?: (of: InboxWorld, stage: Stage) => Promise<void> | void
  readonly action: ActionId
  readonly choose?: (item: ShownItem) => string
  /** Of the first organisation alone. */
  readonly isOfOne?: boolean
}

/** The demo's first month, with customers in trouble. */
export async function beginCases(stage: Stage): Promise<void> {
  const { prism } = stage
  for (const of of stage.all) await of.good('PUT', PROGRAM, { enabled: true })
  await prism.issue()
  await work(stage)
  for (const of of stage.all) for (const key of trouble) await of.map(key)
  await work(stage)
}

/** The scheduled call is for all organisations. */
const work = async ({ all }: Stage): Promise<void> => all[0]?.work()

const each = async ({ all }: Stage, what: (of: InboxWorld) => Promise<unknown>): Promise<void> => {
  for (const of of all) await what(of)
}

/** A line of the file with some of its fields changed. */
const changed = (line: string, change: (fields: string[]) => void): string => {
  const fields = line.split(',')
  change(fields)
  return fields.join(',')
}
const isOf = (key: string) => (item: ShownItem) => item.of.tenant?.id === customer(key).tenantId

const catalogNamed = ({ connectWise }: InboxWorld, name: string) =>
  connectWise.store.all('catalog').filter(({ description }) => String(description).includes(name))

type AdditionThere = ReturnType<InboxWorld['additionsOf']>[number]

/** An addition that is billed still. */
const running = (
  { additionsOf }: InboxWorld,
  key: string,
  which: (addition: AdditionThere) => boolean = () => true,
): AdditionThere | undefined => additionsOf(key).find((one) => !one['cancelledDate'] && which(one))

function setPrice(
  of: InboxWorld,
  key: string,
  unitPrice: number,
  which: (addition: AdditionThere) => boolean = () => true,
): void {
  const { connectWise } = of
  const runs = running(of, key, which)
  connectWise.store.put('additions', { ...runs, id: runs?.id ?? 0, unitPrice }, 'GClerk')
}

export const inboxCases: Readonly<Record<InboxKind, Case>> = {
  failed: {
    which: isOf('trey'),
    says: /inconsistent existing additions/,
    // Its addition bills what the invoice says so far.
    money: /^0$/,
    mend(of) {
      const later = of
        .additionsOf('trey')
        .find(({ effectiveDate }) => String(effectiveDate).startsWith('2027'))
      of.connectWise.store.remove('additions', later?.id ?? 0, 'GClerk')
    },
    action: 'sync',
  },
  product: {
    which: isOf('messenger'),
    says: /multiple products in the ConnectWise product catalog/,
    money: /^[1-9]/,
    mend(of) {
      const [, second] = catalogNamed(of, 'Intune')
      of.connectWise.store.put('catalog', { ...second, id: second?.id ?? 0, vendorSku: 'OTHER' }, 'GClerk')
    },
    action: 'sync',
  },
  'ambiguous-additions': {
    says: /have no subscription id \(serial number\) that tells them apart/,
    money: /^[1-9]/,
    per: 'month',
    action: 'is-subscription',
    choose({ of: { additionId }, asked }) {
      const owner = asked?.addition?.owners[(additionId ?? 0) % 2]
      if (owner === undefined) throw new Error('Nobody has its product')
      return owner
    },
  },
  'unknown-addition': {
    says: /which is no PRISM subscription id/,
    money: /^[1-9]/,
    per: 'month',
    action: 'is-nobodys',
  },
  'left-over': {
    which: ({ of: { agreement } }) => agreement?.id === customer('blueyonder').place.agreementId,
    says: /needs to be cancelled as it is not in the PRISM invoice/,
    money: /^96\.6$/,
    per: 'month',
    action: 'ends',
    choose: () => '2026-03-31',
  },
  skipped: {
    make: (stage) =>
      each(stage, async (of) => {
        const [retired] = (await of.items('product')).filter(isOf('fourthcoffee'))
        await of.press(of.action(retired, 'skip'))
      }),
    which: isOf('fourthcoffee'),
    says: /^April 2026 is skipped, as \S+@\S+\.example said$/,
    money: /^[1-9]/,
    action: 'unskip',
  },
  'below-cost': {
    /** A clerk sells less than it costs. */
    make: (stage) =>
      each(stage, async (of) => {
        setPrice(of, 'trey', 1, ({ unitCost }) => Number(unitCost) > 1)
        await of.sync('trey')
      }),
    which: isOf('trey'),
    says: /bills 1\.00 a unit and costs \d/,
    money: /^[1-9]/,
    per: 'month',
    action: 'mute',
    choose: () => 'one-month',
  },
  'below-margin': {
    /** The program asks for a margin that a clerk's price does not leave. */
    make: (stage) =>
      each(stage, async (of) => {
        await of.good('PUT', PROGRAM, { marginPercent: '2.5' })
        const cost = Number(running(of, 'nod')?.unitCost)
        setPrice(of, 'nod', Math.ceil(cost * 101) / 100)
        await of.sync('nod')
      }),
    which: isOf('nod'),
    says: /leaves less than the margin of 2\.5 %/,
    money: /^\d/,
    per: 'month',
    action: 'mute',
    choose: () => 'three-months',
  },
  difference: {
    /** A clerk gives the customer a price of its own. */
    make: (stage) =>
      each(stage, async (of) => {
        setPrice(of, 'phone', 500)
        await of.sync('phone')
      }),
    which: isOf('phone'),
    says: /bills 500\.00 a unit, PRISM's retail price is/,
    money: /^[1-9]/,
    per: 'month',
    action: 'mute',
    choose: () => 'three-months',
  },
  ignored: {
    async make(stage) {
      await each(stage, (of) => of.map('wideworld'))
      await work(stage)
    },
    says: /^The annual subscription is not synced/,
    money: /^[1-9]/,
    action: 'mute',
    choose: () => 'next-invoice',
  },
  'invoice-unread': {
    async make(stage) {
      const id = await stage.prism.issue()
      stage.prism.faults.add([{ kind: '500', path: `*/invoice/${id}/csv*` }])
      await work(stage)
    },
    says: /^Invoice \d+: /,
    money: null,
    mend: (_, { prism }) => prism.faults.clear(),
    action: 'read-again',
  },
  'first-sync': {
    async make(stage) {
      await each(stage, async (of) => {
        await of.invoice('coho')
        await of.invoice('coho')
        await of.map('coho')
      })
      await work(stage)
    },
    which: isOf('coho'),
    says: /ConnectWise has invoiced May 2026/,
    money: /^[1-9]/,
    action: 'begin-next',
  },
  'annual-waits': {
    /** PRISM issues an annual invoice of today, and these terms are carried since. */
    async make(stage) {
      await each(stage, (of) => of.good('PUT', PROGRAM, { annualTermsAtOnce: true }))
      for (const { connectWise } of stage.all)
        addOneTimeAgreement(connectWise, customer('trey').place.agreementId)
      await stage.prism.issueAnnual('treyresearch.example', 'Trey Research')
      await work(stage)
    },
    which: isOf('trey'),
    says: /^Annual invoice \d+ charges Trey Research, and no One-Time agreement carries it$/,
    money: /^1200$/,
    action: 'map-one-time',
    choose: () => String(oneTimeAgreementId),
  },
  'annual-line': {
    /** PRISM issues it once more, under another id; the customer is mapped by now. */
    async make(stage) {
      await stage.prism.issueAnnual('treyresearch.example', 'Trey Research')
      await work(stage)
    },
    which: isOf('trey'),
    says: /^Invoice \d+ has the same line already$/,
    money: /^1200$/,
    action: 'leave-line',
  },
  missed: {
    async make(stage) {
      await each(stage, (of) => of.map('blueyonder', { syncEnabled: false }))
      await stage.prism.issue()
      await work(stage)
    },
    which: isOf('blueyonder'),
    says: /^Sync is off, and an invoice came out since$/,
    money: /^[1-9]/,
    action: 'sync-latest',
  },
  contested: {
    async make(stage) {
      const [phone, coho] = ['thephone-company.example', 'cohowinery.example']
      const change = (lines: Lines): Lines => {
        const theirs = lines.filter((line) => line.includes(phone) && line.includes('Business Basic'))
        const [one = ''] = theirs
        const nobodys = changed(one, (fields) => {
          fields[1] = 'nobody.example'
          fields[2] = '00000000-1111-4222-8333-444444444444'
          fields[15] = 'Nobody Known'
        })
        return [...lines.map((line) => (theirs.includes(line) ? line.replace(phone, coho) : line)), nobodys]
      }
      await stage.prism.issue(change)
      await work(stage)
    },
    says: /may be/,
    money: /^[1-9]/,
    action: 'is-customers',
  },
  unclaimed: {
    says: /^Lines of Nobody Known are no customer’s$/,
    money: /^[1-9]/,
    action: 'is-nobodys',
  },
  guard: {
    async make(stage) {
      await stage.prism.issue()
      await work(stage)
    },
    which: isOf('vanarsdel'),
    says: /so this subscription waits: [\d.]+ would become 0\.00/,
    money: /^[1-9]/,
    per: 'month',
    action: 'confirm',
  },
  unfit: {
    async make(stage) {
      await stage.prism.issue()
      await work(stage)
    },
    which: isOf('nod'),
    says: /end/i,
    money: /^[1-9]/,
    mend({ connectWise: { store } }) {
      const id = customer('nod').place.agreementId
      const agreement = store.all('agreements').find((one) => one.id === id)
      store.put('agreements', { ...agreement, id, endDate: null, noEndingDateFlag: true }, 'GClerk')
    },
    action: 'sync',
  },
  'invoice-held': {
    /** July again, with one licence more for Trey; ConnectWise has invoiced the months since. */
    async make(stage) {
      const { prism } = stage
      await each(stage, async (of) => {
        for (const _ of ['Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep']) await of.invoice('trey')
        await of.sync('trey')
      })
      await prism.issueAgain(prism.issued[3] ?? '', '2026-07', (lines) =>
        lines.map((line) =>
          line.includes('treyresearch.example') && line.includes('Business Premium')
            ? changed(line, (fields) => {
                const times = (field: string | undefined) => ((Number(field) / 4) * 5).toFixed(2)
                ;[fields[9], fields[11], fields[12]] = ['5', times(fields[11]), times(fields[12])]
              })
            : line,
        ),
      )
      await work(stage)
    },
    says: /^Invoice \d+: /,
    money: /^[1-9]/,
    action: 'pick',
  },
  late: {
    make: work,
    which: isOf('trey'),
    says: /July 2026/,
    money: /^[1-9]/,
    action: 'confirm',
  },
  billed: {
    /** Somebody changes an addition around ConnectWise’s invoice, and our keys may not read its invoices. */
    async make(stage) {
      await each(stage, async (of) => {
        await of.deny(['Finance/Invoicing'])
        const runs = of
          .additionsOf('trey')
          .find(({ cancelledDate, quantity }) => !cancelledDate && quantity === 5)
        of.connectWise.store.put('additions', { ...runs, id: runs?.id ?? 0, quantity: 9 }, 'GClerk')
        await of.invoice('trey')
      })
      await stage.prism.issue()
      await work(stage)
      await each(stage, (of) => of.deny([]))
    },
    which: isOf('trey'),
    says: /ConnectWise/,
    money: /^[1-9]/,
    action: 'billed-after',
  },
  'billed-twice': {
    /** Consolidated Messenger moves to Fourth Coffee’s company, and ConnectWise refuses to end what it had. */
    async make(stage) {
      const { path, place } = customer('messenger')
      const there = customer('fourthcoffee').place
      await each(stage, async (of) => {
        const asked = `${path}/mapping/consequences?agreementId=${there.agreementId}`
        const { leaving } = consequencesSchema.parse(await (await of.good('GET', asked)).json())
        of.connectWise.faults.add(
          (['PATCH', 'DELETE'] as const).map((method) => ({
            kind: '403' as const,
            method,
            path: `*/agreements/${place.agreementId}/additions/*`,
          })),
        )
        await of.map('messenger', { ...there, takesOver: leaving?.takesOver.from })
      })
      await work(stage)
    },
    which: isOf('messenger'),
    says: /still bills/,
    money: /^\d/,
    mend: ({ connectWise }) => connectWise.faults.clear(),
    action: 'sync',
  },
  'left-behind': {
    make: (stage) => each(stage, (of) => of.good('DELETE', `${customer('phone').path}/mapping?leave=true`)),
    which: isOf('phone'),
    says: /additions stay open where the customer was mapped/,
    money: /^[1-9]/,
    per: 'month',
    action: 'end-left',
    choose: () => '2026-12',
  },
  parked: {
    async make(stage) {
      await each(stage, (of) => of.map('alpine'))
      await work(stage)
      await each(stage, async (of) => {
        const { runs } = runsSchema.parse(await (await of.good('GET', '/api/runs?kind=customers')).json())
        const { agreementId } = customer('alpine').place
        await of.good('POST', `/api/runs/${runs[0]?.id}/undo`, { agreementIds: [agreementId] })
        await of.settled()
      })
      await work(stage)
    },
    which: isOf('alpine'),
    says: /^\w+ 2026 was undone, as \S+@\S+\.example said$/,
    money: /^[1-9]/,
    action: 'unskip',
  },
  'contract-agreement': {
    /** PRISM lists a second one, and nobody has picked. */
    async make(stage) {
      const elsewhere = stage.prism.tenants().find(({ tenantId: id }) => id === tenantId('relecloud'))
      first = elsewhere?.contractAgreementId ?? ''
      Object.assign(elsewhere ?? {}, { contractAgreementId: 'second-agreement' })
      await each(stage, (of) => of.good('PUT', PROGRAM, { contractAgreementId: null }))
      await work(stage)
    },
    says: /^PRISM lists 2 contract agreements of/,
    money: null,
    action: 'pick-agreement',
    choose: () => first,
  },
  'wants-in': {
    make: ({ newcomer }) => newcomer(),
    says: /nora@northwind\.example.* asks to be let in as viewer$/,
    money: null,
    action: 'let-in',
    isOfOne: true,
  },
}
/** The contract agreement of all other customers. */
let first = ''

const oneTimeAgreementId = 9_001
/** As the customer's own, but for how it is billed. */
function addOneTimeAgreement({ store }: InboxWorld['connectWise'], like: number): void {
  const own = store.all('agreements').find(({ id }) => id === like)
  const billing = { billingCycle: { id: 5, name: 'One-Time' }, prorateFlag: false }
  store.put('agreements', { ...own, ...billing, id: oneTimeAgreementId, name: 'Annual licences' }, 'GClerk')
}

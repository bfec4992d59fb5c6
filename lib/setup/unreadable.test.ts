/** What ConnectWise lists and cannot be read is not missing: no second pod or record is made of it. */
import { describe, expect, it } from 'vitest'
import { checkSetup } from '#lib/connectwise/setup-ids.ts'
import type {
  HostedScreen,
  HostedSetup,
  HostedSetupDraft,
  Listed,
  SetupRecords,
} from '#lib/connectwise/values.ts'
import { installPods } from './install-pods.ts'
import { ourPods, podNames } from './our-pods.ts'

const agreement = { id: 12, screenId: 'agreement', name: 'Agreement' }
const company = { id: 8, screenId: 'company', name: 'Company' }
const aside = { record: 'Prism Pod', reason: 'URL is not understood' }
const list = <T>(records: T[], unreadable = [] as (typeof aside)[]): Listed<T> => ({ records, unreadable })

async function install(screens: Listed<HostedScreen>, setups: Listed<HostedSetup>) {
  const made: HostedSetup[] = []
  const connectWise = {
    test: () => expect.fail('nothing went wrong'),
    hostedScreens: async () => screens,
    hostedSetups: async () => ({ ...setups, records: [...setups.records, ...made] }),
    createHostedSetup: async (draft: HostedSetupDraft) => {
      const created = { ...draft, id: made.length + 1, disabled: false }
      made.push(created)
      return created
    },
    updateHostedSetup: () => expect.fail('nothing is there to repair'),
    deleteHostedSetup: () => expect.fail('nothing is there to remove'),
  }
  const owner = { appUrl: 'https://pod.example', publicId: 'org' }
  const ctx = { ...owner, connectWise, clientId: null, mayWrite: async () => {} }
  const { pods, failure } = await installPods({ ctx, input: { pods: podNames } })
  expect(failure).toBeNull()
  return { pods, made: made.length }
}

describe('installing the pods [H5]', () => {
  it('makes no second one where one that is there cannot be read', async () => {
    expect(await install(list([agreement, company]), list<HostedSetup>([], [aside]))).toMatchObject({
      pods: ourPods.map(({ pod, screen }) => ({
        pod,
        screen,
        state: 'unreadable',
        reason: 'Prism Pod cannot be read: URL is not understood',
      })),
      made: 0,
    })
  })

  it('does not call a screen missing that cannot be read', async () => {
    expect((await install(list<HostedScreen>([], [aside]), list<HostedSetup>([]))).pods).toMatchObject(
      ourPods.map(() => ({ state: 'unreadable' })),
    )
    expect((await install(list<HostedScreen>([]), list<HostedSetup>([]))).pods).toMatchObject(
      ourPods.map(() => ({ state: 'missing' })),
    )
  })

  it('goes on where all that matters can be read', async () => {
    expect(await install(list([agreement, company], [aside]), list<HostedSetup>([]))).toMatchObject({
      pods: ourPods.map(() => ({ state: 'created' })),
      made: ourPods.length,
    })
  })
})

describe('the records of new products [D7]', () => {
  const record = { id: 1, name: 'Each', inactive: false }
  const names = { category: 'A', subcategory: 'B', productType: 'C', unitOfMeasure: 'Each' }
  const records: SetupRecords = {
    category: record,
    subcategory: record,
    productType: record,
    unitOfMeasure: record,
    unreadable: {},
  }

  it('say which one cannot be read', () => {
    const odd = {
      ...records,
      productType: null,
      unreadable: { productType: { record: 'C', reason: 'Inactive is not understood' } },
    }
    expect(checkSetup(odd, names)).toEqual({
      usable: false,
      message: "Unable to find the default product type of 'C' when adding a new product",
      detail: "The product type 'C' cannot be read in ConnectWise (C): Inactive is not understood.",
    })
    expect(checkSetup(records, names)).toMatchObject({ usable: true })
  })
})

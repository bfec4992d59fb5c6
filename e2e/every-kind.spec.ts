/**
 * Each kind of what waits (J1), made by its real cause: one organisation answers it on the page To do, another one in the
 * agreement's pod, where it is of an agreement and a member of ConnectWise may; and it is gone. A stack of its own, in which
 * the kinds come one after the other.
 */
import { expect, type FrameLocator, type Locator, type Page } from '@playwright/test'
import type { ShownItem } from '../app/api/schemas/inbox.ts'
import { beginCases, type Case, inboxCases, type Stage } from '../app/api/testing/inbox-cases.ts'
import { type InboxWorld, inboxWorld, MUTED_AS, prismWorld } from '../app/api/testing/inbox-world.ts'
import { buttonsOf, labelOf, typedFor } from '../app/ui/inbox/words.ts'
import type { InboxKind } from '../lib/inbox/item.ts'
import { startConnectWise } from '../standin/connectwise/server.ts'
import { connectWiseSeed, prismClient, prismSeed } from '../standin/data/index.ts'
import { startPrism } from '../standin/prism/prism.ts'
import { podOf } from './screens.ts'
import { test } from './test.ts'
import { type OwnStack, startOwnStack } from './testing/own-stack.ts'

/** Of no agreement, or what members of ConnectWise may not do. */
const notInPods: readonly InboxKind[] = [
  'contract-agreement',
  'invoice-held',
  'invoice-unread',
  'contested',
  'unclaimed',
  'wants-in',
  'skipped',
  'parked',
  'annual-waits',
]

const held = new AsyncDisposableStack()
let stack: OwnStack
let stage: Stage
let ours: InboxWorld
let theirs: InboxWorld

test.describe.configure({ mode: 'serial', timeout: 90_000 })
test.afterAll(() => held.disposeAsync())
test.beforeAll(async ({ browser }) => {
  test.setTimeout(240_000)
  const seed = connectWiseSeed()
  const [prism, first, second] = await Promise.all([
    startPrism({ seed: prismSeed() }),
    startConnectWise({ seed }),
    startConnectWise({ seed }),
  ])
  held.defer(async () => {
    await Promise.all([prism, first, second].map((each) => each.close()))
  })
  stack = await startOwnStack(prism.url, [prism.url, first.url, second.url], held)
  const begin = async ({ api }: OwnStack['first'], connectWise: typeof first): Promise<InboxWorld> => {
    const of = inboxWorld({ api, connectWise, settled: stack.work, work: stack.work })
    const { companyId, publicKey, privateKey } = seed.site
    const input = { site: connectWise.url, companyId, publicKey, privateKey }
    await of.good('PUT', '/api/connections/prism', { ...prismClient, currency: 'AUD' })
    await of.good('PUT', '/api/connections/connectwise', input)
    await of.good('PUT', '/api/members', { right: 'map-and-sync' })
    await of.good('POST', '/api/hosted/setups')
    return of
  }
  ours = await begin(stack.first, first)
  theirs = await begin(stack.second, second)
  stage = {
    prism: prismWorld(prism),
    all: [ours, theirs],
    async newcomer() {
      const context = await browser.newContext()
      const page = await context.newPage()
      await page.goto(`${stack.appUrl}/sign-in`)
      await page.getByRole('link', { name: 'Sign in with PRISM' }).click()
      await page.getByLabel(/e-?mail/i).fill('nora@northwind.example')
      await page.getByLabel(/password/i).fill('demo-person-password')
      await page.getByRole('button', { name: /sign in/i }).click()
      await expect(page.getByText('An owner of your organisation must let you in first.')).toBeVisible()
      await context.close()
    },
  }
  await beginCases(stage)
})

const waitingOf = async (of: InboxWorld, kind: InboxKind): Promise<ShownItem[]> =>
  (await of.items(kind)).filter(inboxCases[kind].which ?? (() => true))

/** Of several answers in one dialog it is the dialog's. */
function pressedFor(item: ShownItem, { action }: Case) {
  const button = buttonsOf(item).find((each) => each.action.id === action) ?? buttonsOf(item)[0]
  if (button === undefined) throw new Error(`Nothing can be pressed for ${item.key}`)
  return button
}

const buttonOf = (root: Page | FrameLocator, item: ShownItem, of: Case): Locator =>
  root.getByRole('button', { name: labelOf(pressedFor(item, of).text, item), exact: true })

/** Gives the case's answer by the item's own button. */
async function answer(root: Page | FrameLocator, item: ShownItem, of: Case): Promise<void> {
  const { action, choose } = of
  const button = pressedFor(item, of)
  await buttonOf(root, item, of).first().click()
  const dialog = root.getByRole('dialog')
  const { decides, choose: choice, text } = button.action
  if (item.isLarge && decides) {
    await dialog.getByLabel(/^Type the amount/).fill(typedFor({ ...item, customers: 1 }).text)
    if (button.part !== 'act') await dialog.getByRole('button', { name: 'Go on' }).click()
  }
  const chosen = choose?.(item) ?? ''
  const press = (label: string) => dialog.getByRole('button', { name: label, exact: true }).click()
  if (button.part === 'addition') {
    await dialog.getByLabel(additionAnswers[action] ?? '').check()
    if (action === 'is-subscription') await dialog.getByRole('combobox').selectOption(chosen)
    await press('Save the answer')
  } else if (button.part === 'invoice') {
    await dialog.getByLabel(/^As it was read after it/).check()
    await press('Save the answer')
  } else if (button.part === 'lines') {
    await dialog.getByRole('radio', { name: /^Nobody’s/ }).check()
    await press('Save as nobody’s')
  } else if (button.part === 'mute') {
    await dialog.getByLabel('Why it is meant to be so').fill(MUTED_AS)
    await dialog.getByLabel('For how long').selectOption(chosen)
    await press('Mute')
  } else if (button.part === 'confirm' || button.part === 'skip') {
    await press(text)
  } else if (decides || choice !== null) {
    if (choice?.from === 'one-time-agreements')
      await dialog.getByRole('radio', { name: /^Annual licences/ }).check()
    else if (choice !== null) await dialog.getByRole('combobox').selectOption(chosen)
    await press(text)
  }
  await expect(dialog).toHaveCount(0)
}
const additionAnswers: Readonly<Record<string, string>> = {
  'is-subscription': 'It bills a subscription',
  'is-nobodys': 'It is nobody’s',
  ends: 'It ends',
}

/** The last sync of products says the same of it, customer or not, until products are synced again. */
async function syncProducts(page: Page, { says }: ShownItem): Promise<void> {
  await expect(page.getByText(says)).toHaveCount(1)
  const group = page.getByRole('group').filter({ hasText: says })
  await group.getByRole('button', { name: 'Sync products again' }).first().click()
  await expect(async () => {
    await page.reload()
    await expect(page.getByText(says)).toHaveCount(0, { timeout: 1_000 })
  }).toPass({ timeout: 30_000 })
}

/** The item is gone, for who asks and where it stood. */
async function expectGone(of: InboxWorld, kind: InboxKind, key: string): Promise<void> {
  await expect
    .poll(async () => (await waitingOf(of, kind)).map((item) => item.key), { timeout: 40_000 })
    .not.toContain(key)
}

/** The rest of the kind, of which one answer may settle several. */
async function settleRest(of: InboxWorld, kind: InboxKind): Promise<void> {
  const { action, choose } = inboxCases[kind]
  for (let left = await waitingOf(of, kind); left[0] !== undefined; left = await waitingOf(of, kind)) {
    // What was answered last may be under way.
    await of.settled()
    await of.press(of.action(left[0], action), choose?.(left[0]))
  }
}

for (const [kind, each] of Object.entries(inboxCases) as [InboxKind, Case][])
  test(`${kind}: is made by its cause, answered where it is listed${notInPods.includes(kind) ? '' : ' and in the pod'}, and gone [J1]`, async ({
    page,
  }) => {
    await each.make?.(stage)
    const [item] = await waitingOf(ours, kind)
    if (item === undefined) throw new Error(`Nothing of ${kind} waits`)
    await each.mend?.(ours, stage)
    await page.context().addCookies([{ ...stack.first.cookie, url: stack.appUrl }])
    await page.goto(`${stack.appUrl}/todo?kind=${kind}`)
    await expect(page.getByText(item.says).first()).toBeVisible()
    await answer(page, item, each)
    await expectGone(ours, kind, item.key)
    await settleRest(ours, kind)
    await page.reload()
    await expect(page.getByRole('heading', { name: 'To do', level: 1 })).toBeVisible()
    await expect(buttonOf(page, item, each)).toHaveCount(0)
    if (kind === 'product') await syncProducts(page, item)

    if (each.isOfOne !== true) {
      const [another] = await waitingOf(theirs, kind)
      if (another === undefined) throw new Error(`Nothing of ${kind} waits in the other organisation`)
      await each.mend?.(theirs, stage)
      if (!notInPods.includes(kind)) {
        await page.goto(`${theirs.connectWise.url}/#/agreements/${another.of.agreement?.id}`)
        const pod = await podOf(page)
        const todo = pod.getByRole('region', { name: 'To do' })
        await expect(todo.getByText(another.says).first()).toBeAttached()
        await answer(pod, another, each)
        await expectGone(theirs, kind, another.key)
        // The list is read again by itself, at the latest after 20 seconds.
        await expect(buttonOf(pod, another, each)).toHaveCount(0, { timeout: 25_000 })
      }
      await settleRest(theirs, kind)
    }
    await stack.work()
    for (const of of stage.all) expect(await waitingOf(of, kind)).toEqual([])
  })

/** The agreement pod in a screen that says nothing, garbage or what is not true, and among frames that are not its screen. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, type FrameLocator, type Page } from '@playwright/test'
import { addressOf, agreementScreen, apiOf, podOf } from './screens.ts'
import { test } from './test.ts'
import { serveVendorPod, VENDOR_TITLE, type VendorPod } from './vendor-pod.ts'

const COHO = { agreementId: 1, name: 'Coho Winery' }
const OTHER = { agreementId: 2 }
const SILENCE = { timeout: 25_000 }

/** The screen as it speaks otherwise (standin/host-screen/public/variants.js). */
async function openSpeaking(page: Page, variant: string): Promise<FrameLocator> {
  await page.goto(`${addressOf('connectWise')}/?host=${variant}#/agreements/${COHO.agreementId}`)
  return podOf(page)
}

/** Members and records that are asked for sessions, and what comes of it. */
function watchSessions(page: Page) {
  const asked: { readonly memberId: string; readonly record: { readonly id: number } | null }[] = []
  page.on('request', (sent) => {
    if (sent.url().endsWith('/api/hosted/session') && sent.method() === 'POST')
      asked.push(sent.postDataJSON() as (typeof asked)[number])
  })
  return asked
}

/** As the screen around the pod says it: from its own window, which a timer makes it, where a test's call does not. */
const sayAsScreen = (page: Page, messages: readonly object[]): Promise<void> =>
  page.evaluate((all) => {
    const frame = document.querySelector<HTMLIFrameElement>('iframe[src*="/pods/agreement"]')
    return new Promise<void>((said) => {
      setTimeout(() => {
        for (const message of all) frame?.contentWindow?.postMessage(JSON.stringify(message), '*')
        said()
      })
    })
  }, messages)

const onLoadOf = (screen: string, id: unknown) => ({
  event: 'onLoad',
  _id: 'forged',
  data: { screenObject: { screen, id, hostedAs: 'pod' } },
})

test.describe('a screen', () => {
  for (const [variant, what] of [
    ['silent', 'that never answers'],
    ['nonsense', 'that answers with garbage'],
    ['object', 'that posts objects instead of strings'],
  ] as const)
    test(`${what}: the pod says so, shows nothing, and works once the screen does [H3][H4]`, async ({
      page,
    }) => {
      const asked = watchSessions(page)
      const pod = await openSpeaking(page, variant)
      await expect(pod.getByRole('heading', { name: 'ConnectWise did not answer.' })).toBeVisible(SILENCE)
      await expect(pod.getByText(`it must be exactly ${addressOf('app')}`)).toBeVisible()
      await expect(pod.getByText(COHO.name)).toHaveCount(0)
      expect(asked).toEqual([])
      await pod.getByRole('button', { name: 'Try again' }).click()
      await expect(pod.getByRole('heading', { name: 'ConnectWise did not answer.' })).toBeHidden()

      await page.getByRole('button', { name: /^Messages/ }).click()
      await page.getByLabel('How the screen speaks').selectOption('standard')
      await expect((await podOf(page)).getByText('Agrees.')).toBeVisible()
    })

  test('with garbage between its messages: the pod takes what is right, and the screen can save [H3]', async ({
    page,
  }) => {
    const asked = watchSessions(page)
    const pod = await openSpeaking(page, 'garbage')
    await expect(pod.getByText('Agrees.')).toBeVisible()
    await expect(pod.getByRole('heading', { level: 1, name: COHO.name })).toBeVisible()
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await expect(pod.getByText('Agrees.')).toBeVisible()
    expect(new Set(asked.map(({ memberId }) => memberId))).toEqual(new Set(['GClerk']))
    expect(new Set(asked.map(({ record }) => record?.id))).toEqual(new Set([COHO.agreementId]))
  })

  test('that never answers holds no save up [H3]', async ({ page }) => {
    const pod = await openSpeaking(page, 'silent')
    await expect(pod.getByRole('heading', { name: 'ConnectWise did not answer.' })).toBeVisible(SILENCE)
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByRole('dialog')).toHaveCount(0)
  })

  test('that names a colleague with this member’s proof: nobody is believed [H4]', async ({ page }) => {
    await page.route('**/host/members/*/authentication', async (route) => {
      const response = await route.fetch()
      const claim = (await response.json()) as object
      await route.fulfill({ response, json: { ...claim, memberid: 'TTech' } })
    })
    const pod = await openSpeaking(page, 'standard')
    await expect(pod.getByText('ConnectWise does not confirm that you are signed in')).toBeVisible()
    await expect(pod.getByText(COHO.name)).toHaveCount(0)
  })
})

test.describe('a screen that names another record than the address', () => {
  test('gets that one’s pod with a session of its own, and nothing of the first stays [H3][H4]', async ({
    page,
  }) => {
    const asked = watchSessions(page)
    const pod = await openSpeaking(page, 'other-record')
    await expect(pod.getByRole('heading', { level: 1 })).toBeVisible()
    await expect(pod.getByRole('heading', { level: 1 })).not.toHaveText(COHO.name)
    await expect(pod.getByText('Agrees.')).toHaveCount(0)
    expect(asked.at(-1)?.record).toMatchObject({ type: 'agreement', id: OTHER.agreementId })
  })

  test('of another kind, or none at all, changes nothing [H3]', async ({ page }) => {
    const asked = watchSessions(page)
    await page.goto(agreementScreen(COHO.agreementId))
    const pod = await podOf(page)
    await expect(pod.getByText('Agrees.')).toBeVisible()
    await sayAsScreen(page, [
      onLoadOf('company', OTHER.agreementId),
      onLoadOf('', OTHER.agreementId),
      onLoadOf('agreement', '2 OR 1=1'),
      onLoadOf('agreement', -2),
      onLoadOf('agreement', 2.5),
      onLoadOf('agreement', 1e300),
      onLoadOf('agreement', null),
      { event: 'onLoad', _id: 'forged', data: 'agreement 2' },
    ])
    // Heard after all of them.
    await sayAsScreen(page, [onLoadOf('agreement', COHO.agreementId)])
    await expect(pod.getByRole('heading', { level: 1, name: COHO.name })).toBeVisible()
    await expect(pod.getByText('Agrees.')).toBeVisible()
    expect(new Set(asked.map(({ record }) => record?.id))).toEqual(new Set([COHO.agreementId]))
  })

  test('and then its own again: the pod ends with what the screen shows [H3][H4]', async ({ page }) => {
    const asked = watchSessions(page)
    await page.goto(agreementScreen(COHO.agreementId))
    const pod = await podOf(page)
    await expect(pod.getByText('Agrees.')).toBeVisible()
    // A new record has the pod ask who looks, and the screen tell what it shows.
    await sayAsScreen(page, [onLoadOf('agreement', 999_999)])
    await expect.poll(() => asked.some(({ record }) => record?.id === 999_999)).toBe(true)
    await expect(pod.getByRole('heading', { level: 1, name: COHO.name })).toBeVisible()
    await expect(pod.getByText('Agrees.')).toBeVisible()
    await expect.poll(() => asked.at(-1)?.record).toMatchObject({ id: COHO.agreementId })
  })
})

test.describe('another frame on the screen', () => {
  let vendorPod: VendorPod
  test.beforeAll(async ({ request }) => {
    vendorPod = await serveVendorPod()
    await vendorPod.install(request, 'agreement', 'Pod')
  })
  test.afterAll(({ request }) => vendorPod.close(request))

  test('cannot speak as the screen: its record, its member and its frame id are not heard, nor answered [H3][H4]', async ({
    page,
  }) => {
    const asked = watchSessions(page)
    await page.goto(agreementScreen(COHO.agreementId))
    const pod = page.frameLocator('iframe[src*="/pods/agreement"]')
    await expect(pod.getByText('Agrees.')).toBeVisible()
    const before = asked.length
    const vendor = page.frameLocator(`iframe[title="${VENDOR_TITLE}"]`)
    await expect(vendor.getByText(/^frame f-\d+$/)).toBeVisible()

    const heard = await vendor.locator('body').evaluate(
      async (_, forged) => {
        const answers: unknown[] = []
        addEventListener('message', (event) => {
          if (event.source !== parent) answers.push(event.data)
        })
        setTimeout(() => {
          for (let i = 0; i < parent.frames.length; i += 1)
            if (parent.frames[i] !== window)
              for (const message of forged) parent.frames[i]?.postMessage(JSON.stringify(message), '*')
        })
        await new Promise((resolve) => setTimeout(resolve, 1_500))
        return answers
      },
      [
        { MessageFrameID: 'f-666' },
        {
          response: 'getmemberauthentication',
          data: { memberid: 'TTech', memberHash: 'x', memberContext: 'web', companyid: 'prismdemo' },
        },
        onLoadOf('agreement', OTHER.agreementId),
      ],
    )
    expect(heard).toEqual([])
    expect(asked.length).toBe(before)
    await expect(pod.getByRole('heading', { level: 1, name: COHO.name })).toBeVisible()
    // The frame id is still the screen's: what the pod asks for is answered.
    await page.getByRole('button', { name: /^Messages/ }).click()
    await pod.getByRole('button', { name: /^Open Coho/ }).click()
    await expect(page.locator('#log')).toContainText('"openScreen"')
    expect(await page.locator('#log').textContent()).not.toContain('f-666')
  })
})

test('a site that is no ConnectWise of the organisation cannot frame the pod [H3]', async ({
  page,
  request,
}) => {
  const { publicId } = await apiOf(request).organisation()
  const src = `${addressOf('app')}/pods/agreement?org=${publicId}&id=${COHO.agreementId}&screen=agreement`
  const server = createServer((_, response) =>
    response
      .setHeader('content-type', 'text/html')
      .end(`<iframe src="${src}" width="600" height="400"></iframe>`),
  )
  await new Promise<void>((resolve) => server.listen(0, resolve))
  const refused: string[] = []
  page.on('requestfailed', (failed) => refused.push(failed.url()))
  try {
    await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`)
    await expect.poll(() => refused).toEqual([src])
    await expect(page.frameLocator('iframe').getByText(COHO.name)).toHaveCount(0)
  } finally {
    server.close()
  }
})

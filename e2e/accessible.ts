/** The accessibility check, of a page or of a part of it. */
import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

/** Selectors of what is looked at. */
interface Part {
  /** All of the page without it. A frame is looked into. */
  readonly within?: string
  /** Rows like others, for instance. */
  readonly without?: readonly string[]
}

/** Only these depend on whether the page is light or dark. */
const rulesOfColours = ['color-contrast', 'link-in-text-block']

/** No finding while the page is light, and none of colours while it is dark. */
export async function expectNoFinding(page: Page, part: Part = {}): Promise<void> {
  await expectNoFindingAsItIs(page, part)
  await page.emulateMedia({ colorScheme: 'dark' })
  await expectNone(page, checkOf(page, part).withRules(rulesOfColours))
  await page.emulateMedia({ colorScheme: 'light' })
}

/** No finding in the colours that the page has now. */
export async function expectNoFindingAsItIs(page: Page, part: Part = {}): Promise<void> {
  await expectNone(page, checkOf(page, part))
}

function checkOf(page: Page, { within, without = [] }: Part): AxeBuilder {
  // Telling what passed takes longer than looking.
  const check = new AxeBuilder({ page }).options({ resultTypes: ['violations'] })
  if (within !== undefined) check.include(within)
  for (const each of without) check.exclude(each)
  return check
}

async function expectNone(page: Page, check: AxeBuilder): Promise<void> {
  // The way for pages without frames, which takes half the time.
  const isFramed = page.frames().length > 1
  const { violations } = await check.setLegacyMode(!isFramed).analyze()
  expect(violations.map(({ id, nodes }) => [page.url(), id, nodes[0]?.target])).toEqual([])
}

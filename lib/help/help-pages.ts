/**
 * Troubleshooting (G3): a page for each message that people meet, by the same codes as the messages themselves, so that none can
 * be without one. Pure texts; `app/help` shows them.
 */
import { errorCodes, errorKinds } from '#lib/base/errors.ts'
import type { FindingCode } from '#lib/billing/types.ts'
import { additionHelp } from './addition-help.ts'
import type { HelpText } from './help-text.ts'
import { lineHelp } from './line-help.ts'
import { messageHelp } from './message-help.ts'
import { monthHelp } from './month-help.ts'

export interface HelpPage extends HelpText {
  /** Of the finding, error or message; the last part of the page's address. */
  readonly code: string
  readonly about: 'subscription' | 'product-or-sync' | 'site'
}

const findingHelp: Readonly<Record<FindingCode, HelpText>> = { ...additionHelp, ...lineHelp, ...monthHelp }

const pagesOf = (about: HelpPage['about'], texts: Readonly<Record<string, HelpText>>): HelpPage[] =>
  Object.entries(texts).map(([code, text]) => ({ ...text, code, about }))

/** What an error means and what to do about it stands in its own table, where answers take it from. */
const errorPages = errorCodes
  .filter((code) => !Object.hasOwn(findingHelp, code))
  .map((code): HelpPage => {
    const { meaning, remedy } = errorKinds[code]
    return {
      code,
      about: 'site',
      title: meaning,
      severity: 'error',
      means: '',
      meanwhile: '',
      steps: [remedy],
    }
  })

/** In the order of the list: what stands beside a subscription, beside a product or a sync, and on the site. */
export const helpPages: readonly HelpPage[] = [
  ...pagesOf('subscription', findingHelp),
  ...pagesOf('product-or-sync', messageHelp),
  ...errorPages,
]

export const helpPage = (code: string): HelpPage | null =>
  helpPages.find((page) => page.code === code) ?? null

const plain = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[‘’'"“”]/g, '')
    .replace(/\s+/g, ' ')
    .trim()

/** What a title says without what differs each time. */
const fixedParts = ({ title }: HelpPage): string[] =>
  plain(title)
    .split(/\[[^\]]*\]/)
    .map((part) => part.trim())
    .filter((part) => part.length > 2)

/** Whether the parts stand in the text, one behind the other. */
const hasParts = (text: string, parts: readonly string[]): boolean => {
  let at = 0
  for (const part of parts) {
    const found = text.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return parts.length > 0
}

/** The page of a message as people read it, whatever stands for the brackets; `null`: there is none. The one that says most wins. */
export const helpOfMessage = (message: string): HelpPage | null => {
  const text = plain(message)
  const fitting = helpPages
    .map((page) => ({ page, parts: fixedParts(page) }))
    .filter(({ parts }) => hasParts(text, parts))
  const [best] = fitting.sort((a, b) => b.parts.join('').length - a.parts.join('').length)
  return best?.page ?? null
}

/** Pages that have every word, those with it in their title first. */
export const searchHelp = (text: string): readonly HelpPage[] => {
  const words = plain(text).split(' ').filter(Boolean)
  const found = helpPages.flatMap((page) => {
    const title = plain(page.title)
    const all = plain([page.title, page.means, page.meanwhile, ...page.steps, page.code].join(' '))
    if (!words.every((word) => all.includes(word))) return []
    return [{ page, isTitle: words.every((word) => title.includes(word)) }]
  })
  return found.sort((a, b) => Number(b.isTitle) - Number(a.isTitle)).map(({ page }) => page)
}

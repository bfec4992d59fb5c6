/** What a webhook is sent: the digest as JSON, or as a message of Microsoft Teams (an adaptive card). Pure. */
import type { Webhook } from '#db/notices/recipients.ts'
import { type About, type DigestText, textOf } from './digest-text.ts'
import type { Digest, Entry, Group } from './facts.ts'

/** @param at when the digest was made */
export const webhookBody = (format: Webhook['format'], digest: Digest, about: About, at: Date): string =>
  JSON.stringify(
    format === 'teams'
      ? teamsMessage(textOf(digest, about))
      : { type: 'digest', timestamp: at.toISOString(), data: dataOf(digest, about) },
  )

/** What a test sends. */
export const testBody = (
  format: Webhook['format'],
  { programName, organisation }: About,
  at: Date,
): string => {
  const text = `A test of ${programName} of ${organisation} on Prism Pod. Nothing is to be done.`
  return JSON.stringify(
    format === 'teams'
      ? teamsMessage({ subject: text, parts: [] })
      : { type: 'test', timestamp: at.toISOString(), data: { text } },
  )
}

const dataOf = (digest: Digest, about: About) => {
  const link = (path: string) => `${about.appUrl}${path}`
  const withLinks = (groups: readonly Group[]) =>
    groups.map((group) => ({
      ...group,
      entries: group.entries.map(({ path, ...entry }: Entry) => ({ ...entry, link: link(path) })),
    }))
  return {
    organisation: about.organisation,
    program: about.programName,
    currency: about.currency,
    news: withLinks(digest.news),
    recovered: digest.recovered.map(({ customer, path }) => ({ customer, link: link(path) })),
    recoveredCount: digest.recoveredCount,
    reminders: withLinks(digest.reminders),
  }
}

/** Teams takes messages of up to 28 KB; what is cut is in the app. */
const mostBlocks = 60

const teamsMessage = ({ subject, parts }: DigestText) => {
  const block = (text: string, more: object = {}) => ({ type: 'TextBlock', text, wrap: true, ...more })
  const blocks = parts.flatMap(({ title, sections }) => [
    block(plain(title), { weight: 'Bolder', spacing: 'Large' }),
    ...sections.flatMap((section) => [
      ...(section.title === '' ? [] : [block(plain(section.title))]),
      ...(section.remedy === '' ? [] : [block(plain(section.remedy), { isSubtle: true })]),
      ...(section.help === null
        ? []
        : [block(`[More about this](${section.help})`, { isSubtle: true, spacing: 'Small' })]),
      ...section.lines.map(({ text, link }) =>
        block(link === null ? plain(text) : `[${plain(text)}](${link})`, { spacing: 'Small' }),
      ),
      ...(section.more === 0 ? [] : [block(`and ${section.more} more`, { isSubtle: true })]),
    ]),
  ])
  const cut = blocks.length > mostBlocks ? [block('More is in Prism Pod.', { isSubtle: true })] : []
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          body: [
            block(plain(subject), { size: 'Medium', weight: 'Bolder' }),
            ...blocks.slice(0, mostBlocks),
            ...cut,
          ],
        },
      },
    ],
  }
}

/** A card's text is Markdown: a name makes no link and no list. */
const plain = (text: string): string => text.replace(/[\\`*_[\]()#<>|~]/g, '\\$&').slice(0, 400)

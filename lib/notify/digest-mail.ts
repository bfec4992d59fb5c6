/** A digest as mail: text and HTML of the same words, without pictures or anything that is fetched. Pure. */
import { asOneLine } from '#lib/base/one-line.ts'
import { type About, textOf } from './digest-text.ts'
import type { Digest } from './facts.ts'
import type { Mail } from './mail.ts'

export interface DigestMail {
  readonly digest: Digest
  readonly about: About
  readonly to: string
  /** The page on which its reader unsubscribes, and the address to which a mail program posts that (RFC 8058). */
  readonly unsubscribe: { readonly page: string; readonly oneClick: string }
  readonly messageId: string
}

export const digestMail = ({ digest, about, to, unsubscribe, messageId }: DigestMail): Mail => {
  const { subject, parts } = textOf(digest, about)
  const { programName, organisation } = about
  const why = asOneLine(
    `You get this because ${to} is an address of ${programName} of ${organisation} on Prism Pod.`,
  )
  return {
    to,
    subject,
    messageId,
    headers: {
      'List-Unsubscribe': `<${unsubscribe.oneClick}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
    },
    text: [
      ...parts.flatMap(({ title, sections }) => [
        title.toUpperCase(),
        '',
        ...sections.flatMap((section) => [
          ...(section.title === '' ? [] : [asOneLine(section.title)]),
          ...(section.remedy === '' ? [] : [asOneLine(section.remedy)]),
          ...(section.help === null ? [] : [`More about this: ${section.help}`]),
          ...section.lines.flatMap(({ text, link }) => [
            `- ${asOneLine(text)}`,
            ...(link === null ? [] : [`  ${link}`]),
          ]),
          ...moreOf(section.more),
          '',
        ]),
      ]),
      '--',
      `${why} To get no more of them:`,
      unsubscribe.page,
      '',
    ].join('\n'),
    html: [
      '<!doctype html><html lang="en"><head><meta charset="utf-8"><title></title></head>',
      '<body style="font:14px/1.5 system-ui,sans-serif;color:#1b1f24;max-width:640px;margin:0 auto;padding:16px">',
      ...parts.flatMap(({ title, sections }) => [
        `<h2 style="font-size:16px;margin:24px 0 8px">${escaped(title)}</h2>`,
        ...sections.flatMap((section) => [
          ...(section.title === ''
            ? []
            : [`<p style="margin:12px 0 4px"><b>${escaped(section.title)}</b></p>`]),
          ...(section.remedy === '' ? [] : [`<p style="margin:0 0 4px">${escaped(section.remedy)}</p>`]),
          ...(section.help === null
            ? []
            : [
                `<p style="margin:0 0 4px"><a href="${escaped(section.help)}" style="color:#0b57d0">More about this</a></p>`,
              ]),
          '<ul style="margin:0;padding-left:20px">',
          ...section.lines.map(({ text, link }) =>
            link === null
              ? `<li>${escaped(text)}</li>`
              : `<li><a href="${escaped(link)}" style="color:#0b57d0">${escaped(text)}</a></li>`,
          ),
          '</ul>',
          ...moreOf(section.more).map((line) => `<p>${escaped(line)}</p>`),
        ]),
      ]),
      `<p style="margin-top:32px;color:#57606a;font-size:12px">${escaped(why)} `,
      `<a href="${escaped(unsubscribe.page)}" style="color:#57606a">Unsubscribe</a></p></body></html>`,
      '',
    ].join('\n'),
  }
}

const moreOf = (more: number): string[] => (more === 0 ? [] : [`and ${more} more`])

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign)

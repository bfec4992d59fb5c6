/** The limits are told alike on their page and in the documents (G6). */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { limits } from './limits.ts'

const parts = [
  ...limits.flatMap(({ title, lead, items }) => [
    '',
    `## ${title}`,
    '',
    lead,
    '',
    ...items.map((item) => `- ${item}`),
  ]),
  '',
].join('\n')

it('the document of the limits says what their page says [G6]', () => {
  const document = readFileSync('docs/limits.md', 'utf8')
  expect(document.slice(document.indexOf('\n## '))).toBe(parts)
})

/** Every button of the site and the pods: one that does nothing says why, and so is not simply disabled (E2). */
import { globSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const app = `${import.meta.dirname}/../..`

/** While something is under way, which the page shows by itself. */
const UNDER_WAY = /^(\w+\.)?(busy|isBusy|sending|isReading|isValidating|isStarting\(\w+\))$/

/** What a button's `disabled` depends on; nothing where it has none. */
function disabledIn(element: string): string[] {
  const [, expression] = /\sdisabled=\{([^}]*)\}/.exec(element) ?? []
  if (expression !== undefined) return expression.split('||').map((part) => part.trim())
  return /\sdisabled[\s/>]/.test(element) ? ['always'] : []
}

/** Opening tags of buttons, with all of their attributes. */
function buttonsIn(source: string): string[] {
  return [...source.matchAll(/<[Bb]utton\b/g)].map(({ index }) => {
    let depth = 0
    let end = index
    while (end < source.length && !(source[end] === '>' && depth === 0)) {
      if (source[end] === '{') depth += 1
      if (source[end] === '}') depth -= 1
      end += 1
    }
    return source.slice(index, end + 1)
  })
}

it('finds a button that is disabled for a reason which nobody is told', () => {
  const [first, second, third] = buttonsIn(
    '<Button tone="primary" disabled={busy || count === 0} onClick={() => { go() }}>Go</Button><Button disabled={undoing.busy}>Undo</Button><button disabled>No</button>',
  ).map((element) => disabledIn(element).filter((part) => !UNDER_WAY.test(part)))
  expect([first, second, third]).toEqual([['count === 0'], [], ['always']])
})

it('no button is without a reason where it does nothing, but while something is under way [E2]', () => {
  const files = globSync('**/*.tsx', { cwd: app }).filter((file) => !file.endsWith('kit/button.tsx'))
  const bare = files.flatMap((file) =>
    buttonsIn(readFileSync(`${app}/${file}`, 'utf8')).flatMap((element) =>
      disabledIn(element)
        .filter((part) => !UNDER_WAY.test(part))
        .map((part) => `${file}: ${part}`),
    ),
  )
  expect(bare).toEqual([])
  expect(files.length).toBeGreaterThan(100)
})

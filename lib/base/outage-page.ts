/** The page that is shown in place of every other while nothing can be read: whole in itself, and gone by itself. */
import { errorKinds, type ProductError } from './errors.ts'

/** Asks for the address again after so many seconds. */
export const askAgainSeconds = 5

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

export function outagePage({ code, detail }: ProductError): string {
  const { meaning, remedy } = errorKinds[code]
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="${askAgainSeconds}">
<title>Prism Pod</title>
<style>
:root { color-scheme: light dark; font: 0.8125rem/1.45 system-ui, 'Segoe UI', Roboto, sans-serif; }
main { max-width: 34rem; margin: 10vh auto; padding: 0 16px; }
h1 { font-size: 1.25rem; }
</style>
</head>
<body>
<main role="alert">
<h1>${escaped(meaning)}</h1>
<p>${escaped(detail)}</p>
<p>${escaped(remedy)}</p>
<p>This page asks again by itself.</p>
</main>
</body>
</html>
`
}

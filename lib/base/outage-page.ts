/** The page that is shown in place of every other while nothing can be read: whole in itself, and gone by itself. */
import { errorKinds, type ProductError } from './errors.ts'

/** In these seconds it is worth asking again. */
export const askAgainSeconds = 5

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

/** @param nonce of the answer's policy, without which neither its script nor its styles count */
export function outagePage({ code, detail }: ProductError, nonce: string): string {
  const { meaning, remedy } = errorKinds[code]
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Prism Pod</title>
<style nonce="${nonce}">
:root { color-scheme: light dark; font: 0.8125rem/1.45 system-ui, 'Segoe UI', Roboto, sans-serif; }
main { max-width: 34rem; margin: 10vh auto; padding: 0 16px; }
h1 { font-size: 1.25rem; }
a { color: inherit; }
</style>
</head>
<body>
<main>
<div role="alert">
<h1>${escaped(meaning)}</h1>
<p>${escaped(detail)}</p>
<p>${escaped(remedy)}</p>
</div>
<p><a href="">Try again</a></p>
</main>
<script nonce="${nonce}">
setInterval(() => {
  fetch('/api/health?of=database').then(({ ok }) => ok && location.reload(), () => {})
}, ${askAgainSeconds * 1000})
</script>
</body>
</html>
`
}

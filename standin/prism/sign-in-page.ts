/** What a person sees who signs in with PRISM. */
import { type Reply, text } from '../http/reply.ts'
import { escaped, pageStyle } from './page-assets.ts'

/** The form is sent to the address it was read from, so that the question stays in the query. */
export function signInPage(wrong: { readonly email: string } | null = null): Reply {
  const message =
    wrong === null
      ? ''
      : '<p class="bad" id="wrong" role="alert">The e-mail address or the password is wrong.</p>'
  const described = wrong === null ? '' : ' aria-describedby="wrong" aria-invalid="true"'
  return page(
    'Sign in',
    `<form method="post">
${message}
<label>E-mail<input name="email" type="email" autocomplete="username" value="${escaped(wrong?.email ?? '')}" required autofocus${described}></label>
<label>Password<input name="password" type="password" autocomplete="current-password" required${described}></label>
<button class="primary">Sign in</button>
</form>`,
    wrong === null ? 200 : 401,
  )
}

/** A mistake of the site that sent the person here; it is not sent back to an address that nobody registered. */
export function refusalPage(reason: string): Reply {
  return page('This sign-in cannot go on', `<p>${escaped(reason)}</p>`, 400)
}

export function signedOutPage(): Reply {
  return page('You are signed out', '<p>This window can be closed.</p>', 200)
}

function page(title: string, body: string, status: number): Reply {
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · PRISM stand-in</title>
<style>${pageStyle}
body { min-height: 100vh; display: grid; place-items: center; padding: 16px } main { width: min(340px, 100%); padding: 0 }
form, label { display: grid; gap: 6px } form { gap: 14px; margin-top: 12px } .bad { color: var(--bad); margin: 0 } input, button { padding: 8px 10px }
</style>
</head>
<body>
<main class="card">
<div><span class="brand">PRISM</span> <span class="badge">stand-in</span></div>
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`
  return text(html, 'text/html; charset=utf-8', status)
}

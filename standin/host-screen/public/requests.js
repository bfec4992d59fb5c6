/** Reads and writes of the screens; a refusal is thrown with the message that the person should see. */

export const get = (path) => send('GET', path)
export const post = (path) => send('POST', path)
export const remove = (path) => send('DELETE', path)

async function send(method, path) {
  const response = await fetch(`/host/${path}`, { method })
  const body = await response.json()
  if (!response.ok) throw new Error(body.message ?? `${response.status}`)
  return body
}

/** Reads and writes of the screens; a refusal is thrown with the message that the person should see. */

export const get = (path) => send('GET', path)
export const post = (path) => send('POST', path)
export const remove = (path) => send('DELETE', path)

/** A refused write: ConnectWise's message, and the message of each field it names. */
export class Refused extends Error {
  /** @param {{message?: string, errors?: {field?: string, message: string}[] | null}} body */
  constructor(body, status) {
    super(body.message ?? `${status}`)
    this.fields = body.errors ?? []
  }
}

/** What a form writes, as `member`. `fields` are left out of a deletion. */
export const write = (method, path, member, fields) => send(method, path, { member, fields })

async function send(method, path, { member, fields } = {}) {
  const response = await fetch(`/host/${path}`, {
    method,
    headers: {
      ...(member !== undefined && { 'x-member': member }),
      ...(fields !== undefined && { 'content-type': 'application/json' }),
    },
    ...(fields !== undefined && { body: JSON.stringify(fields) }),
  })
  const body = response.status === 204 ? null : await response.json()
  if (!response.ok) throw new Refused(body, response.status)
  return body
}

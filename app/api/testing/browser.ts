/** A browser at our API and at PRISM's sign-in: keeps cookies, and goes where it is sent only when told. */
import { expect } from 'vitest'
import { call } from './api-world.ts'

export interface PersonOfPrism {
  readonly email: string
  readonly password: string
}
export const nora: PersonOfPrism = { email: 'nora@northwind.example', password: 'demo-person-password' }
export const owen: PersonOfPrism = { ...nora, email: 'owen@northwind.example' }

export function browser() {
  const cookies = new Map<string, string>()
  const send = async (method: string, path: string, body?: unknown): Promise<Response> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await call(method, path, { headers: { cookie, origin: 'http://localhost:3000' }, body })
    for (const set of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = set.split(';')[0]?.split(/=(.*)/s) ?? []
      if (value === '') cookies.delete(name)
      else cookies.set(name, value)
    }
    return answer
  }
  /** To PRISM, through its form, and back to the callback's path. */
  const throughPrism = async (person: PersonOfPrism, query = ''): Promise<string> => {
    const begun = await send('GET', `/api/session/prism${query}`)
    expect(begun.status).toBe(303)
    const form = await fetch(begun.headers.get('location') ?? '', {
      method: 'POST',
      body: new URLSearchParams({ ...person }),
      redirect: 'manual',
    })
    const back = new URL(form.headers.get('location') ?? '')
    return back.pathname + back.search
  }
  const signIn = async (person: PersonOfPrism, query = ''): Promise<string | null> =>
    (await send('GET', await throughPrism(person, query))).headers.get('location')
  return { send, throughPrism, signIn, cookies }
}

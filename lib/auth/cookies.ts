/**
 * Our two cookies. The pod's is a third-party cookie, and so never the session of the normal site
 * (docs/facts/host-api.md, "Sessions in a frame").
 */
import { POD_SESSION_SECONDS, USER_SESSION_SECONDS } from './sealed-sessions.ts'

export const POD_COOKIE = '__Host-pod'

/** With the prefix no other host of our domain and no plain http page can put a session of its choice in its place. */
export const userCookieName = (secure: boolean): string => (secure ? '__Host-prism-pod' : 'prism-pod')

/** `Set-Cookie` of a sign-in to the standalone site; `null` removes it. */
export function userCookie(sealed: string | null, secure: boolean): string {
  const parts = [`${userCookieName(secure)}=${sealed ?? ''}`, 'Path=/', 'HttpOnly', 'SameSite=Lax']
  parts.push(`Max-Age=${sealed === null ? 0 : USER_SESSION_SECONDS}`)
  if (secure) parts.push('Secure')
  return parts.join('; ')
}

/** `Set-Cookie` of a pod. Without `Partitioned` browsers that block third-party cookies drop it [tested]. */
export const podCookie = (sealed: string): string =>
  `${POD_COOKIE}=${sealed}; Path=/; HttpOnly; Secure; SameSite=None; Partitioned; Max-Age=${POD_SESSION_SECONDS}`

/** The cookie's value in a `Cookie` header; `null` where it is not there. */
export function readCookie(header: string | null, name: string): string | null {
  for (const part of (header ?? '').split(';')) {
    const [key, ...value] = part.trim().split('=')
    if (key === name) return value.join('=')
  }
  return null
}

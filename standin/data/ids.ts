import { createHash } from 'node:crypto'

/** A GUID that depends on a name alone: looks like PRISM's, and a test can say which one it means. */
export function guid(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

export const contractAgreementId = guid('contract agreement')

/** `key` is a customer's, e.g. `coho`. */
export function tenantId(key: string): string {
  return guid(`tenant ${key}`)
}

/** `name` is `customer/subscription`, e.g. `coho/premium`. */
export function subscriptionId(name: string): string {
  return guid(`subscription ${name}`)
}

/** A key and a self-signed certificate of `localhost`, for clients that insist on https. No secret: it is public. */
import { readFileSync } from 'node:fs'
import type { Tls } from './standin.ts'

const pem = (name: string): string => readFileSync(`${import.meta.dirname}/localhost.${name}.pem`, 'utf8')

export const localhostTls: Tls = { key: pem('key'), cert: pem('cert') }

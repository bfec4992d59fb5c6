/** What a route of the API promises: who may ask, what with, and what comes back. */
import type { z } from 'zod'
import type { Action } from '#lib/auth/actions.ts'

/** Where no role decides: the password, link or proof that is sent does, or a secret of this deployment as bearer. */
export type Gate = 'open' | 'cron-secret' | 'operator-secret' | 'metrics-token'

/** No body; a CSV file to download; an archive (.tar.gz); plain text; or the browser is sent on to another address. */
export type NoJson = 'nothing' | 'csv' | 'archive' | 'text' | 'redirect'

/**
 * What of a request must be what the screen shows that a ConnectWise member's session is for: the record of the path, for a page
 * (`…-page`: a session that only looks may ask for it, too) or for anything else; the customers that are named, as they are
 * mapped or would be; all agreements of a run, or those that the body names. `shown`: what the query names, and where it names
 * nothing, the verb answers with what is of the screen's record. `any`: the request names no record.
 */
export type OnScreen =
  | 'agreement-page'
  | 'company-page'
  | 'agreement'
  | 'company'
  | 'customer'
  | 'customers'
  | 'run'
  | 'shown'
  | 'any'

export interface Contract {
  /** The operation's name in the API's document; unique. */
  readonly id: string
  /** What it does, in one sentence. */
  readonly does: string
  readonly access: Action | Gate
  /** Left out: no ConnectWise member may ask for it, whatever their right. */
  readonly onScreen?: OnScreen
  /** The parameters of the path; one that does not fit is the id of no record. */
  readonly path?: Readonly<Record<string, z.ZodType>>
  readonly query?: z.ZodObject
  readonly body?: z.ZodObject
  readonly reply: z.ZodType | NoJson
  /** Left out: 200, or 204 with nothing. */
  readonly status?: 201 | 202
}

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'
/** As `GET /api/runs/{id}`. */
export type Endpoint = `${Method} /api/${string}`
export type Contracts = Readonly<Record<Endpoint, Contract>>

type Infer<S, Side extends 'input' | 'output'> = S extends z.ZodType
  ? Side extends 'input'
    ? z.input<S>
    : z.output<S>
  : undefined

type Part<C, Name extends keyof Contract> = C extends Readonly<Record<Name, infer P>> ? P : undefined

/** The parameters of the path as the route gets them. */
export type PathOf<C> = { readonly [N in keyof Part<C, 'path'>]: Infer<Part<C, 'path'>[N], 'output'> }
export type QueryOf<C> = Infer<Part<C, 'query'>, 'output'>
export type BodyOf<C> = Infer<Part<C, 'body'>, 'output'>

/** What a caller reads; `undefined` where there is no JSON. */
export type ReplyOf<C> = Infer<Part<C, 'reply'>, 'output'>

/** What a caller sends. A part of which nothing must be given can be left out. */
export type Sent<C> = SentPart<'path', C> & SentPart<'query', C> & SentPart<'body', C>

type SentPart<Name extends 'path' | 'query' | 'body', C> =
  C extends Readonly<Record<Name, infer P>>
    ? Empty<Input<P>> extends true
      ? Partial<Named<Name, P>>
      : Named<Name, P>
    : unknown

type Named<Name extends string, P> = {
  readonly [N in Name]: N extends 'body' ? Input<P> : InAddress<Input<P>>
}
type Input<P> = P extends z.ZodType
  ? z.input<P>
  : { readonly [N in keyof P]: P[N] extends z.ZodType ? z.input<P[N]> : never }
type Empty<T> = object extends T ? true : false
/** Numbers are written as they are. */
type InAddress<T> = { readonly [N in keyof T]: string extends T[N] ? T[N] | number : T[N] }

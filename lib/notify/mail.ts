/** Outgoing mail by SMTP: one recipient a mail, so that nobody learns who else got it. */
import { createTransport } from 'nodemailer'
import { limits } from '#lib/base/limits.ts'
import type { Secret } from '#lib/base/secrets.ts'

export interface Mail {
  readonly to: string
  /** One line; line breaks are taken out. */
  readonly subject: string
  readonly text: string
  /** The same as HTML; left out: text alone. */
  readonly html?: string
  /** The same whenever the mail is sent again, so that who got it twice can tell; without angle brackets. */
  readonly messageId?: string
  readonly headers?: Readonly<Record<string, string>>
}

export interface Mailer {
  /** Rejects where the server did not take the mail. */
  send(mail: Mail): Promise<void>
}

export interface MailSettings {
  readonly smtpUrl: Secret
  readonly from: string
  /** For one mail; 20,000 where left out. */
  readonly wholeMs?: number
}

/** How long a mail server may take for one answer, and for the mail as a whole; a person waits for it. */
const TIMEOUT_MS = 10_000
const WHOLE_MS = limits.record.timeoutMs

export function createMailer({ smtpUrl, from, wholeMs = WHOLE_MS }: MailSettings): Mailer {
  const url = new URL(smtpUrl.reveal())
  const transport = createTransport({
    host: url.hostname.replace(/^\[|\]$/g, ''),
    secure: url.protocol === 'smtps:',
    port: Number(url.port) || (url.protocol === 'smtps:' ? 465 : 587),
    ...(url.username === ''
      ? {}
      : { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }),
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    async send({ to, subject, text, html, messageId, headers }) {
      // An address as an object is taken as it is: a comma in it does not make two recipients.
      await transport.sendMail({
        from,
        to: { name: '', address: to },
        subject: subject.replace(/\s+/g, ' '),
        text,
        ...(html === undefined ? {} : { html }),
        ...(messageId === undefined ? {} : { messageId: `<${messageId}>` }),
        ...(headers === undefined ? {} : { headers }),
        signal: AbortSignal.timeout(wholeMs),
      })
    },
  }
}

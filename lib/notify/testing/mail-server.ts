/** A real SMTP server for tests, whose manners they change while it runs. */
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

export interface ReceivedMail {
  readonly to: readonly string[]
  /** The whole mail, with headers; soft line breaks are taken out. */
  readonly raw: string
}

export interface MailServer {
  readonly url: string
  readonly received: ReceivedMail[]
  /** Recipients that it refuses for good. */
  readonly refused: Set<string>
  /** Recipients on which it never answers. */
  readonly hangsOn: Set<string>
  /** Whether every mail is refused for now. */
  isDown: boolean
  readonly close: () => Promise<void>
}

/** The link that the last mail has, with its token; `''`: it has none. */
export const lastLinkOf = ({ received }: MailServer): string =>
  /http\S+#\S+/.exec(received.at(-1)?.raw.replaceAll('=3D', '=') ?? '')?.[0] ?? ''

/** @param onPort left out: a free one */
export const startMailServer = async (onPort = 0): Promise<MailServer> => {
  const received: ReceivedMail[] = []
  const refused = new Set<string>()
  const hangsOn = new Set<string>()
  const server = new SMTPServer({
    authOptional: true,
    hideSTARTTLS: true,
    onMailFrom(_address, _session, done) {
      if (!mail.isDown) return done()
      done(Object.assign(new Error('Try again later'), { responseCode: 421 }))
    },
    onRcptTo({ address }, _session, done) {
      if (hangsOn.has(address)) return
      if (!refused.has(address)) return done()
      done(Object.assign(new Error('No such user'), { responseCode: 550 }))
    },
    onData(stream, session, done) {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () => {
        const to = session.envelope.rcptTo.map(({ address }) => address)
        received.push({ to, raw: Buffer.concat(parts).toString().replaceAll('=\r\n', '') })
        done()
      })
    },
  })
  server.on('error', () => undefined)
  await new Promise<void>((listening) => server.listen(onPort, '127.0.0.1', listening))
  const { port } = server.server.address() as AddressInfo
  const mail: MailServer = {
    url: `smtp://127.0.0.1:${port}`,
    received,
    refused,
    hangsOn,
    isDown: false,
    close: () => new Promise((closed) => server.close(() => closed())),
  }
  return mail
}

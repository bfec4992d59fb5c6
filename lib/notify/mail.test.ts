import { type AddressInfo, createServer } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { afterEach, expect, it } from 'vitest'
import { Secret } from '#lib/base/secrets.ts'
import { invitationMail } from './invitation.ts'
import { createMailer } from './mail.ts'

interface Received {
  readonly from: string
  readonly to: readonly string[]
  readonly user: string
  readonly text: string
}

const servers: SMTPServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise<void>((done) => server.close(done))
})

async function mailServer(): Promise<{ port: number; received: Received[] }> {
  const received: Received[] = []
  const server = new SMTPServer({
    authOptional: true,
    hideSTARTTLS: true,
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, done) =>
      password === 'p@ss:word' ? done(null, { user: username ?? '' }) : done(new Error('wrong password')),
    onData(stream, session, done) {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope
        received.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          user: String(session.user ?? ''),
          // Quoted-printable ends a long line with = and goes on in the next one.
          text: Buffer.concat(parts).toString().replaceAll('=\r\n', ''),
        })
        done()
      })
    },
  })
  servers.push(server)
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return { port: (server.server.address() as AddressInfo).port, received }
}

const mail = invitationMail({
  to: 'clerk@northwind.example',
  by: 'owner@northwind.example',
  organisation: 'Northwind\r\nBcc: all@northwind.example',
  role: 'clerk',
  link: 'http://localhost:3000/invitation#ppi_token',
  expiresAt: new Date('2026-12-01T10:00:00Z'),
})

it('sends an invitation with its link, signed in where the address says so [B6]', async () => {
  const { port, received } = await mailServer()
  const smtpUrl = new Secret(`smtp://pod:p%40ss%3Aword@127.0.0.1:${port}`)
  await createMailer({ smtpUrl, from: 'Prism Pod <pod@northwind.example>' }).send(mail)
  expect(received).toMatchObject([
    { from: 'pod@northwind.example', to: ['clerk@northwind.example'], user: 'pod' },
  ])
  expect(received[0]?.text).toContain('http://localhost:3000/invitation#ppi_token')
  expect(received[0]?.text).toContain('2026-12-01')
})

it('sends to one recipient, whatever a name or an address holds', async () => {
  const { port, received } = await mailServer()
  const mailer = createMailer({
    smtpUrl: new Secret(`smtp://127.0.0.1:${port}`),
    from: 'pod@northwind.example',
  })
  await mailer.send(mail)
  await mailer.send({ ...mail, to: 'one@a.example,two@b.example' }).catch(() => undefined)
  expect(received[0]?.to).toEqual(['clerk@northwind.example'])
  expect(received[0]?.text.split('\r\n\r\n')[0]).not.toMatch(/^Bcc:/m)
  expect(received.flatMap(({ to }) => to)).not.toContain('two@b.example')
  // Nor does a name put a line of its own into the text, which the reader would take for ours.
  expect(received[0]?.text).toContain('invites you to Northwind Bcc: all@northwind.example on Prism Pod')
})

it('says so where the server does not take the mail', async () => {
  const { port } = await mailServer()
  const wrong = new Secret(`smtp://pod:wrong@127.0.0.1:${port}`)
  await expect(createMailer({ smtpUrl: wrong, from: 'pod@northwind.example' }).send(mail)).rejects.toThrow()
})

it('gives a server that trickles no more than the time of one mail', async () => {
  const trickling = createServer((socket) => {
    socket.on('error', () => {})
    const timer = setInterval(() => socket.write('2'), 20)
    socket.on('close', () => clearInterval(timer))
  })
  await new Promise<void>((listening) => trickling.listen(0, '127.0.0.1', listening))
  const smtpUrl = new Secret(`smtp://127.0.0.1:${(trickling.address() as AddressInfo).port}`)
  const started = performance.now()
  const closed = new Promise((done) => trickling.once('connection', (socket) => socket.once('close', done)))
  await expect(createMailer({ smtpUrl, from: 'pod@a.example', wholeMs: 200 }).send(mail)).rejects.toThrow()
  expect(performance.now() - started).toBeLessThan(2_000)
  await closed
  trickling.close()
})

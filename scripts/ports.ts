/** Ports on this machine. */
import { createServer } from 'node:net'

/** A port that nothing listens on now: the wanted one where it is free. */
export async function freePort(wanted?: number): Promise<number> {
  if (wanted !== undefined && (await listenOnce(wanted, '127.0.0.1')) !== undefined) return wanted
  const port = await listenOnce(0)
  if (port === undefined) throw new Error('This machine has no free port')
  return port
}

/** Throws where the port is taken, naming the environment variable that changes it. */
export async function requireFreePort(port: number, variable: string): Promise<void> {
  // Both, because a listener on one address leaves the other one free.
  if ((await listenOnce(port)) !== undefined && (await listenOnce(port, '127.0.0.1')) !== undefined) return
  throw new Error(
    `Port ${port} is in use. Stop what uses it, or choose another one, for example ${variable}=${port + 1}.`,
  )
}

/** Listens for a moment; the port, or undefined where it is taken. */
function listenOnce(port: number, host?: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined)
      else reject(error)
    })
    server.listen({ port, host }, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' ? address?.port : undefined))
    })
  })
}

/** The port that an environment variable names, or the usual one. Throws where it is not a port. */
export function portOf(variable: string, usual: number): number {
  const text = process.env[variable] || String(usual)
  const port = Number(text)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Error(`${variable} must be a port, a whole number from 1 to 65535; it is "${text}".`)
  }
  return port
}

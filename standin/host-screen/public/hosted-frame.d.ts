/** Types of hosted-frame.js, for its test. */
export interface HostedFrameOptions {
  readonly iframe: { readonly contentWindow: unknown }
  readonly title: string
  readonly origin: string
  readonly screenObject: object
  readonly requests: Readonly<Record<string, (args: object) => unknown>>
  readonly onReady: () => void
  readonly variant?: string
  readonly log: (direction: 'from' | 'to' | 'ignored', pod: string, message: unknown, why?: string) => void
}

export interface EventAnswer {
  readonly result: 'success' | 'failure'
  readonly errors?: readonly string[]
}

export interface HostedFrame {
  readonly title: string
  fire(name: string): Promise<EventAnswer>
  close(): void
}

export function createHostedFrame(options: HostedFrameOptions): HostedFrame

/**
 * Both stand-ins in one process. Prints one JSON line on stdout when they listen:
 * `{"ready":true,"connectWise":"http://127.0.0.1:4400","prism":"http://127.0.0.1:4500"}`.
 *
 * Without options they play the demo's invented partner, with `--motions` with customers that have terms of all motions. `--seed`, `--partners`, `--tenants`, `--subscriptions`,
 * `--products`, `--months` and `--first-usage` generate other ones; the first, the largest, has its ConnectWise.
 * `--https` makes ConnectWise speak https, with the self-signed certificate of `http/localhost.cert.pem`.
 */
import { parseArgs } from 'node:util'
import { createConnectWise } from './connectwise/server.ts'
import { connectWiseSeed, prismSeed } from './data/index.ts'
import { generateConnectWise } from './generator/connectwise-seed.ts'
import type { GeneratorOptions } from './generator/options.ts'
import { generatePrism } from './generator/prism-seed.ts'
import { localhostTls } from './http/localhost-tls.ts'
import { createPrism } from './prism/prism.ts'

const text = { type: 'string' } as const
const { https, motions, ...values } = parseArgs({
  options: {
    https: { type: 'boolean', default: false },
    motions: { type: 'boolean', default: false },
    seed: text,
    partners: text,
    tenants: text,
    subscriptions: text,
    products: text,
    months: text,
    'first-usage': text,
  },
}).values

const seeds = Object.keys(values).length === 0 ? demo() : generated()
const port = (name: string, standard: number) => Number(process.env[name] ?? standard)
const prismPort = port('PRISM_STANDIN_PORT', 4500)

const prism = createPrism({ seed: seeds.prism })
const connectWise = createConnectWise({
  seed: seeds.connectWise,
  prismUrl: `http://127.0.0.1:${prismPort}`,
  ...(https && { tls: localhostTls }),
})
const addresses = {
  connectWise: await connectWise.listen(port('CONNECTWISE_STANDIN_PORT', 4400)),
  prism: await prism.listen(prismPort),
}
console.log(JSON.stringify({ ready: true, ...addresses }))

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    void Promise.all([connectWise.close(), prism.close()]).then(() => process.exit(0))
  })

function demo() {
  return { prism: prismSeed({ motions }), connectWise: connectWiseSeed({ motions }) }
}

function generated() {
  const { 'first-usage': firstUsage, ...numbers } = values
  const options: Partial<GeneratorOptions> = {
    ...Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, Number(value)])),
    ...(firstUsage === undefined ? {} : { firstUsage }),
  }
  const generatedPrism = generatePrism(options)
  const [largest] = generatedPrism.partners
  if (largest === undefined) throw new Error('At least one partner is generated')
  return { prism: generatedPrism, connectWise: generateConnectWise(largest, options).seed }
}

/**
 * Both stand-ins of the demo in one process. Prints one JSON line on stdout when they listen:
 * `{"ready":true,"connectWise":"http://127.0.0.1:4400","prism":"http://127.0.0.1:4500"}`.
 */
import { createConnectWise } from './connectwise/server.ts'
import { connectWiseSeed, prismSeed } from './data/index.ts'
import { createPrism } from './prism/prism.ts'

const port = (name: string, standard: number) => Number(process.env[name] ?? standard)
const prismPort = port('PRISM_STANDIN_PORT', 4500)

const prism = createPrism({ seed: prismSeed() })
const connectWise = createConnectWise({
  seed: connectWiseSeed(),
  prismUrl: `http://127.0.0.1:${prismPort}`,
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

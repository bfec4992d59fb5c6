/** `npm run demo`, and with `--development` `npm run dev`: the app against the stand-ins, set up and ready to look at. */
import { join } from 'node:path'
import { root } from './app-build.ts'
import { launch } from './launcher.ts'
import { portOf } from './ports.ts'
import { type Stack, startStack } from './stack.ts'

const development = process.argv.includes('--development')

await launch(async (held) => {
  const stack = await startStack(
    {
      dataDir: process.env.DATA_DIR || join(root, '.data', development ? 'dev' : 'demo'),
      ports: {
        app: portOf('PORT', 3000),
        connectWise: portOf('CONNECTWISE_STANDIN_PORT', 4400),
        prism: portOf('PRISM_STANDIN_PORT', 4500),
      },
      development,
      withAnnual: true,
      tickSeconds: 10,
      heldCredit: true,
      output: development ? 'console' : 'file',
      log: console.log,
    },
    held,
  )
  console.log(addresses(stack))
  return stack
})

function addresses({ appUrl, connectWiseUrl, prismUrl, owner }: Stack): string {
  return `
  ConnectWise host screen   ${connectWiseUrl}/
  Prism Pod                 ${appUrl}/   (${owner.email}, ${owner.password})
  PRISM stand-in            ${prismUrl}/

  Ctrl-C stops everything.
`
}

/** `npm run screenshots`: takes the pictures of docs/screenshots/site anew, from a demo of its own. */
import { join } from 'node:path'
import { root } from './app-build.ts'
import { launch } from './launcher.ts'
import { portOf } from './ports.ts'
import { takePictures } from './screen-pictures.ts'
import { startStack } from './stack.ts'

await launch(async (held) => {
  const stack = await startStack(
    {
      dataDir: process.env.DATA_DIR || join(root, '.data', 'screenshots'),
      ports: {
        app: portOf('PORT', 3000),
        connectWise: portOf('CONNECTWISE_STANDIN_PORT', 4400),
        prism: portOf('PRISM_STANDIN_PORT', 4500),
      },
      withAnnual: true,
      heldCredit: true,
      output: 'file',
      log: console.log,
    },
    held,
  )
  await takePictures({ ...stack, folder: join(root, 'docs', 'screenshots', 'site'), log: console.log })
  // Nothing is left to do: the launcher stops everything.
  process.kill(process.pid, 'SIGTERM')
  return stack
})

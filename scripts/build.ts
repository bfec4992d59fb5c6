/** `npm run build`: builds the app ahead of `npm start`, for where that may not write to the program's folder. */
import { buildApp } from './app-build.ts'

try {
  await buildApp(console.log)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

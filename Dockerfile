# memory-connector as an image: the packed package, its dependencies, Node, and no shell.
#
#   docker build -t memory-connector .
#   docker run --rm memory-connector demo
#
# Both bases may be replaced (--build-arg): BUILDER needs a shell, tar and npm; BASE needs Node 24 at /nodejs/bin/node. Without a
# registry, `npm run image` makes both from the Node of this checkout and builds this very file.
ARG BUILDER=docker.io/library/node:24-trixie-slim
ARG BASE=gcr.io/distroless/nodejs24-debian13:nonroot

FROM ${BUILDER} AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --prefer-offline --no-audit --no-fund
COPY . .
# What `npm pack` takes is what the image has, with the versions of the lock file.
RUN npm pack --silent --pack-destination /tmp \
 && mkdir /app && tar -xzf /tmp/memory-connector-*.tgz -C /app --strip-components=1 \
 && cp package-lock.json .npmrc /app/ \
 && npm run --silent sbom > /app/sbom.cdx.json
WORKDIR /app
RUN npm ci --omit=dev --ignore-scripts --prefer-offline --no-audit --no-fund \
 && rm -r package-lock.json .npmrc \
 && mkdir -p /volume/data && chmod 0770 /volume/data

FROM ${BASE}
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="memory-connector" \
      org.opencontainers.image.description="Carries memories from a Memory API into a LightRAG knowledge graph, each one proved processed." \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}"
COPY --from=build /app /app
# Whichever user it runs as is 65532 or belongs to the group 0: both may write here, and nowhere else.
# The folder is copied as a part of another, because only so it keeps its mode.
COPY --from=build --chown=65532:0 /volume/ /
USER 65532:0
# Configuration, .env and state lie here: relative paths of a configuration begin at its folder.
WORKDIR /data
VOLUME /data
EXPOSE 9622 9623
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD ["/nodejs/bin/node", "-e", "fetch('http://127.0.0.1:9622/health/live').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["/nodejs/bin/node", "/app/bin/memory-connector.cjs"]
# In a container, loopback is reached by nobody.
CMD ["serve", "--host", "0.0.0.0", "--port", "9622"]

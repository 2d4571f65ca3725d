# The command and the pretend cloud, in an image that holds Node and nothing else of ours but them:
#   docker build --tag key-warden .
#   docker run --rm key-warden explain "401 API key invalid"
#   docker run --rm --init --publish 127.0.0.1:8085:8085 key-warden emulator --host 0.0.0.0
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /repository
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN node build/build-command.ts /made

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production
COPY --from=build /made /opt/key-warden
USER node
WORKDIR /home/node
EXPOSE 8085 8086
ENTRYPOINT ["node", "/opt/key-warden/bin.js"]
CMD ["--help"]

# The image holds the binary, the roots that TLS trusts, and a user without
# rights: no shell, no package manager, nothing else to keep up to date.
#
#   docker build --build-arg VERSION=1.2.3 -t sendwatch .
#
# deploy/ has tests that read this file and run its build command.

ARG VERSION=0-dev

FROM --platform=$BUILDPLATFORM golang:1.26.8-bookworm AS go

# What the binary finds around it. The data folder and /tmp belong to the user
# that runs it, whose number no account of a host has.
FROM go AS surroundings
RUN install -d -m 0755 /root-owned/etc/ssl/certs \
    && cp /etc/ssl/certs/ca-certificates.crt /root-owned/etc/ssl/certs/ \
    && echo 'sendwatch:x:65532:65532:Sendwatch:/data:/none' > /root-owned/etc/passwd \
    && echo 'sendwatch:x:65532:' > /root-owned/etc/group \
    && install -d -m 0700 /user-owned/data \
    && install -d -m 1777 /user-owned/tmp

FROM go AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod \
    go mod download && go mod verify
COPY . .
# BuildKit sets the two: the machine that the image is for.
ARG TARGETOS
ARG TARGETARCH
ARG VERSION
RUN --mount=type=cache,target=/go/pkg/mod \
    --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 GOOS=${TARGETOS} GOARCH=${TARGETARCH} \
    go build -trimpath -buildvcs=false -ldflags "-s -w -X main.stamped=${VERSION}" -o /out/sendwatch ./cmd/sendwatch

FROM scratch AS run
ARG VERSION
LABEL org.opencontainers.image.title="Sendwatch" \
      org.opencontainers.image.description="Watches job sites for SEMH and SEND teaching-assistant posts and tells the people whom they fit" \
      org.opencontainers.image.source="https://github.com/sendwatch/sendwatch" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}"
COPY --from=surroundings /root-owned/ /
COPY --from=surroundings --chown=65532:65532 /user-owned/ /
COPY --from=build /out/sendwatch /sendwatch
# The time zones are built into the binary.
ENV SENDWATCH_DATA_DIR=/data \
    SENDWATCH_SITE_LISTEN=0.0.0.0:8080
USER 65532:65532
WORKDIR /data
VOLUME ["/data"]
EXPOSE 8080/tcp
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
    CMD ["/sendwatch", "doctor", "--live"]
ENTRYPOINT ["/sendwatch"]
CMD ["serve"]

# bandit-sim as an image: docker build -t bandit-sim . && docker run --rm -v "$PWD:/data" bandit-sim --agent bbb --steps 2000
# Scripts/release-test takes the steps of the last stage in a bare Debian.
FROM swift:6.2-bookworm AS build
RUN apt-get update && apt-get install --yes --no-install-recommends jq zlib1g-dev
COPY . /source
WORKDIR /source
RUN Scripts/wheel --binaries && Scripts/install .build/wheel/stage/bandit-sim /out

FROM debian:bookworm-slim
RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates curl gnuplot-nox libstdc++6 zlib1g && rm -rf /var/lib/apt/lists/*
COPY --from=build /out /usr/local
WORKDIR /data
ENTRYPOINT ["bandit-sim"]

# Two commands do all set-up on a fresh Debian or Ubuntu: `make run` and `make test`.

.PHONY: run test build install release docs site setup lint clean

# The main job: 50,000 mushrooms. `make run ARGS='--agent epsilon-greedy --set epsilon=0.01'` plays another.
ARGS ?= --agent bbb --steps 50000 --overwrite
run: setup
	swift run -c release bandit-sim $(ARGS)

# OpenBLAS is the products' independent reference.
test:
	@Scripts/setup libopenblas-dev
	swift test -c release

build: setup
	swift build -c release --product bandit-sim

# The program, completions for bash, zsh and fish, the manual page.
PREFIX ?= /usr/local
install: build
	@Scripts/setup jq
	Scripts/install "$$(swift build -c release --show-bin-path)/bandit-sim" "$(DESTDIR)$(PREFIX)"

# A tar.gz, a .deb, a list of contents and checksums, in .build/release-files.
release: setup
	@Scripts/setup jq
	Scripts/release

# Writes the lists of agents, environments, presets and experiments into the pages and the snapshot of names.
docs: build
	Scripts/docs

# The pages, a search over them and the libraries' symbols as a static site, in .build/site.
site: setup
	@Scripts/setup jq pandoc
	Scripts/site

# Installs the system packages that are missing.
setup:
	@Scripts/setup

# What .ci/run checks beside the tests.
lint:
	swift format lint --strict --recursive Package.swift Sources Tests Agents Environments Data Experiments Examples
	Scripts/check-layers

clean:
	rm -rf .build Examples/*/.build

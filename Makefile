.DEFAULT_GOAL := help
.PHONY: help demo serve manual build test lint format check-readme first-sound soak parity text-parity bench \
  bench-bus bench-load bench-health check-clients check-accounting check-http check-audio check-edges check-page check-stack \
  check-deployment image-check package-deb check-deb pull-check fuzz fuzz-decoder build-cuda gpu-bundle

# `make help` prints the first sentence of the comment above each target, and the lines that start with "##" as titles.

# Lists the targets.
help:
	@awk '/^## / { printf "\n%s\n", substr($$0, 4); text = ""; next } \
	  /^# / { text = text (text == "" ? "" : " ") substr($$0, 3); next } \
	  /^[a-z][a-z-]*:/ { if (text != "") { sub(/:.*/, ""); sub(/[.:] .*/, ".", text); printf "  %-17s %s\n", $$0, text } } \
	  { text = "" }' Makefile
	@echo; echo "Targets that build speechbus first install missing Debian packages, and print their names and size before."

## Run it

# Builds, starts a private broker and the service, sends one sentence through the queue and writes demo.wav.
demo:
	@tools/demo

# Builds, starts a private broker and the service, and runs until Ctrl-C. The page is at http://127.0.0.1:8081/
serve:
	@tools/serve

# Writes manual pages and shell completions into .build/manual, laid out as under /usr/local.
manual:
	@tools/manual

## Develop

# Builds everything in debug mode.
build:
	@tools/setup-debian
	swift build

# Runs every test against private brokers.
test:
	@tools/test

# Checks language, documentation links, schemas and Swift format, without a build.
lint:
	@tools/lint

# Formats the Swift sources.
format:
	git ls-files -z '*.swift' | xargs -0 swift format --in-place --parallel

# Runs every command of the README on a fresh clone. Part of the release checklist in CONTRIBUTING.md.
check-readme:
	@tools/check-readme

# Times the steps from a fresh clone to an audible sentence. Fails if they take more than 15 minutes.
first-sound:
	@tools/first-sound

# Loads two workers for ten minutes and injects one fault after another. docs/reliability.md lists the limits.
soak:
	@tools/soak

# Fuzzes the readers of model files for FUZZ_SECONDS (300). tools/fuzz lists the limits.
fuzz:
	@tools/fuzz

# Decodes 2,000 damaged copies of each test recording with FFmpeg's libraries. No crash and no time-out is allowed.
fuzz-decoder:
	@tools/fuzz-decoder

## Compare with upstream XTTS (needs Python, sets the reference up first)

# Compares every stage of the model.
parity:
	@tools/parity

# Compares text cleaning and tokens line by line. Needs the vocab.json of a model (XTTS_MODEL_DIR).
text-parity:
	@tools/text/parity.sh

# Measures speed and memory of both and prints one table.
bench:
	@tools/bench

## Measure

# Measures requests per second and memory of the bus, without a model.
bench-bus:
	@tools/bench-bus

# Measures start times and memory of a full-size model (XTTS_MODEL_DIR), with and without packed weights.
# BENCH_PAUSE=8 waits before each start, so that a virtual machine returns its free memory first.
bench-load:
	@tools/bench-load

# Measures how fast /health answers while the engine is saturated. Needs Python.
bench-health:
	@tools/http/check health

## Check interfaces and deployment

# Packs the clients for Node and Python, installs the packs, and uses them while the broker restarts.
check-clients:
	@tools/check-clients

# Sends 1,200 messages while the broker restarts and consumers are cancelled, and accounts for each. Needs Python.
check-accounting:
	@tools/check-accounting

# Runs an OpenAPI validator, OpenAI's client and schemathesis against the real service. Needs Python.
check-http:
	@tools/http/check

# Inspects every audio format with ffprobe, and streams. Needs Python and Debian's ffmpeg. EDGES=folder uploads recordings.
check-audio:
	@tools/check-audio

# Sends the inputs of other projects' bug reports, and prints one line per case. Needs Python.
check-edges:
	@tools/check-edges

# Uses the page in headless Chromium and keeps screenshots. Needs Debian's chromium and chromium-driver.
check-page:
	@tools/check-page

# Checks traces, logs, metrics, alerts and the dashboard with a real service and the programs that are installed.
check-stack:
	@tools/check-stack

# Checks docker/ against the schemas of Compose, Kubernetes and KEDA. Needs Python.
check-deployment:
	@tools/check-deployment

# Makes .build/speechbus_VERSION_ARCH.deb: program, systemd unit, manual pages, completions.
package-deb:
	@tools/package-deb

# Installs that package in a bare Debian, starts the service by its unit's command line, and removes it. Needs root.
check-deb:
	@tools/check-deb

# Runs the steps of the image in a bare Debian, as root.
image-check:
	@tools/image-check

# Downloads a model from a local endpoint, verifies it, and runs a service that downloads its own. Needs Python.
pull-check:
	@tools/pull-check

## GPU

# Builds .build/cuda/speechbus against libtorch with CUDA. Needs no GPU.
build-cuda:
	@tools/build-cuda

# Makes .build/gpu-bundle, a folder that runs on a GPU host without Swift. tools/gpu-check in it measures the host.
gpu-bundle:
	@tools/gpu-bundle

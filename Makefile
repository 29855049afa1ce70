.PHONY: demo serve test build format lint parity text-parity bench bench-bus check-http bench-health check-page check-deployment image-check first-sound build-cuda gpu-bundle soak pull-check bench-load fuzz

# Builds, starts a private broker and the service, speaks one sentence through the queue into demo.wav.
demo:
	@tools/demo

# The service to try out, with a private broker, until Ctrl-C: the page is at http://127.0.0.1:8081/
serve:
	@tools/serve

# Installs what is missing, runs every test against a private broker.
test:
	@tools/test

build:
	@tools/setup-debian
	swift build

# Compares every stage with upstream XTTS; sets the reference up first. Needs Python.
parity:
	@tools/parity

# Compares cleaning and tokens with upstream, line by line; needs a model's vocab.json (XTTS_MODEL_DIR) and Python.
text-parity:
	@tools/text/parity.sh

# Speed and memory beside upstream's, in one table; sets the reference up first. Needs Python.
bench:
	@tools/bench

# The bus without a model: requests a second, memory.
bench-bus:
	@tools/bench-bus

# OpenAPI validator, OpenAI's Python client and schemathesis against the real service. Needs Python.
check-http:
	@tools/http/check

# How fast /health answers while the engine is saturated. Needs Python.
bench-health:
	@tools/http/check health

# The page for people, used in headless Chromium; screenshots are kept. Needs Debian's chromium and chromium-driver.
check-page:
	@tools/check-page

# docker/ against the schemas of what reads it, and the image's steps in a bare Debian (as root).
check-deployment:
	@tools/check-deployment

image-check:
	@tools/image-check

# From a fresh clone to a sentence heard, step by step with its seconds; fails when that takes over 15 minutes.
first-sound:
	@tools/first-sound

# Builds against libtorch with CUDA; needs no GPU. The binary is .build/cuda/speechbus.
build-cuda:
	@tools/build-cuda

# A folder that runs on a GPU host with that torch and no Swift: .build/gpu-bundle. tools/gpu-check there checks it.
gpu-bundle:
	@tools/gpu-bundle

# Ten minutes of load on two workers while everything breaks in turn; what must hold is in docs/reliability.md.
soak:
	@tools/soak

# From nothing to speech through an endpoint on this machine: pull, verify, a service that fetches its model, one sentence.
pull-check:
	@tools/pull-check

# Start times and memory of a full-size model (XTTS_MODEL_DIR), without and with packed weights. BENCH_PAUSE=8 lets a
# virtual machine give its free memory back before each start.
bench-load:
	@tools/bench-load

# Coverage-guided fuzzing of the readers of model files for FUZZ_SECONDS (300); tools/fuzz says what holds.
fuzz:
	@tools/fuzz

# Rewrites the sources in the house style.
format:
	swift format --in-place --recursive Sources Development Tests Package.swift

lint:
	swift format lint --strict --recursive Sources Development Tests Package.swift

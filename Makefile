.PHONY: demo test build format lint

# Builds, starts a private broker and the service, speaks one sentence through the queue into demo.wav.
demo:
	@tools/demo

# Installs what is missing, runs every test against a private broker.
test:
	@tools/test

build:
	@tools/setup-debian
	swift build

# Rewrites the sources in the house style.
format:
	swift format --in-place --recursive Sources Tests Package.swift

lint:
	swift format lint --strict --recursive Sources Tests Package.swift

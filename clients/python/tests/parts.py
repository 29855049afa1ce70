"""Runs the parts of a check, plain functions and coroutines, and prints a line for each."""

import asyncio
import traceback


def failures(*parts) -> int:
    count = 0
    for part in parts:
        name = part.__name__.replace("_", " ")
        try:
            result = part()
            if asyncio.iscoroutine(result):
                asyncio.run(result)
            print(f"python: {name}: passed", flush=True)
        except Exception:
            count += 1
            print(f"python: {name}: FAILED\n{traceback.format_exc()}", flush=True)
    return count

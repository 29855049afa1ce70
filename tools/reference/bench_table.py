"""Prints the measurements of tools/bench as a Markdown table, ratios to upstream first.   usage: bench_table.py RUN_DIR"""
import json
import os
import platform
import statistics
import sys

run = sys.argv[1]
read = lambda name: json.load(open(os.path.join(run, name + ".json")))
names = ["floors", "floors-after", "upstream", "upstream-after", "int8", "float32", "windows", "one-shot"]
floors, floors_after, upstream, upstream_after, int8, float32, windows, one_shot = map(read, names)
# A shared host changes its speed within minutes. Upstream runs before and after us, and its faster run counts. A change of
# the physical limits shows the uncertainty of the ratios.
for name in ("load_seconds", "synthesis_seconds", "real_time_factor", "first_audio_seconds", "peak_rss_bytes"):
    upstream[name] = min(upstream[name], upstream_after[name])


def medians(report):
    """The median of each figure over the runs with this number of streams."""
    counts = sorted({r["streams"] for r in report["runs"]})
    runs = {n: [r for r in report["runs"] if r["streams"] == n] for n in counts}
    return {n: {key: statistics.median(r[key] for r in runs[n]) for key in runs[n][0]} for n in counts}


# For the published sizes: weights per step, multiplications per row, HiFi-GAN's arithmetic per second of audio.
GPT_WEIGHTS = 30 * 12 * 1024 * 1024 + 1024 * 1026
VOCODER_GIGAFLOP = 60
CODE_SECONDS = 1024 / 22050

# Issue 5's goals, as ratios to upstream.
GOALS = {
    ("int8", "real-time factor, 1 stream"): 5, ("float32", "real-time factor, 1 stream"): 2.4,
    ("int8", "audio s/s, 8 streams"): 8.5, ("int8", "first audio"): 7, ("int8", "load"): 8,
}


def row(precision, what, goal, theirs, ours, ratio):
    print(f"| {precision} | {what} | **{ratio}** | {goal} | {ours} | {theirs} |")


def compare(precision, what, theirs, ours, unit, ratio):
    goal = GOALS.get((precision, what))
    row(precision, what, f"{goal}×" if goal else "", f"{theirs:.3f} {unit}", f"{ours:.3f} {unit}", f"{ratio:.2f}×")


cpu = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
rates = "; ".join(f"{moment} reads {f['read_gigabytes_per_second']} GB/s, float32 {f['float32_gigaflops']} GFLOP/s, int8 "
                  f"{f['int8_gigaops']} GOP/s" for moment, f in (("before:", floors), ("after:", floors_after)))
print(f"{platform.system()} {platform.machine()}, {cpu}, {floors['threads']} threads, {floors['variant']}; {rates}.\n")
for name in ("read_gigabytes_per_second", "float32_gigaflops", "int8_gigaops"):
    floors[name] = max(floors[name], floors_after[name])
print("| precision | figure | ratio | goal | speechbus | upstream |\n|---|---|---|---|---|---|")
their_rate = 1 / upstream["real_time_factor"]
for precision, report in (("int8", int8), ("float32", float32)):
    runs = medians(report)
    single = runs[1]
    compare(precision, "real-time factor, 1 stream", upstream["real_time_factor"], single["real_time_factor_median"],
            "", upstream["real_time_factor"] / single["real_time_factor_median"])
    compare(precision, "first audio", upstream["first_audio_seconds"], single["first_audio_seconds_median"], "s",
            upstream["first_audio_seconds"] / single["first_audio_seconds_median"])
    for streams, r in sorted(runs.items()):
        what = f"audio s/s, {streams} stream{'s' if streams > 1 else ''}"
        compare(precision, what, their_rate, r["audio_seconds_per_second"], "",
                r["audio_seconds_per_second"] / their_rate)
    # The first run may have to pack the weights; later runs find them next to the model.
    starts = [("load, first run", report)] + ([("load", windows)] if precision == "int8" else [])
    for what, start in starts:
        compare(precision, what, upstream["load_seconds"], start["load_seconds"], "s",
                upstream["load_seconds"] / start["load_seconds"])
    share = report["peak_rss_bytes"] / upstream["peak_rss_bytes"]
    row(precision, "peak RSS", "≤ 40 %" if precision == "int8" else "", f"{upstream['peak_rss_bytes'] / 2**30:.2f} GiB",
        f"{report['peak_rss_bytes'] / 2**30:.2f} GiB", f"{share * 100:.0f} %")
streamed, whole = (medians(report)[1]["real_time_factor_median"] for report in (windows, one_shot))
row("int8", "streaming compared with one piece", "≤ +10 %", "", f"{streamed:.3f} to {whole:.3f}",
    f"{(streamed / whole - 1) * 100:+.1f} %")

print("\n| limit of this machine | per code | per second of audio |\n|---|---|---|")
for name, size, rate in (("int8", 1, floors["int8_gigaops"]), ("float32", 4, floors["float32_gigaflops"])):
    read_ms = GPT_WEIGHTS * size / floors["read_gigabytes_per_second"] / 1e6
    sums_ms = 2 * GPT_WEIGHTS / rate / 1e6
    print(f"| GPT, {name}: weights read once per step | {read_ms:.1f} ms | {read_ms / 1e3 / CODE_SECONDS:.3f} s |")
    print(f"| GPT, {name}: sums, per stream | {sums_ms:.1f} ms | {sums_ms / 1e3 / CODE_SECONDS:.3f} s |")
vocoder = VOCODER_GIGAFLOP / floors["float32_gigaflops"]
print(f"| vocoder, float32, every product | {vocoder * CODE_SECONDS * 1e3:.1f} ms | {vocoder:.3f} s |")
print(f"| vocoder, float32, half of them (tiles) | {vocoder / 2 * CODE_SECONDS * 1e3:.1f} ms | {vocoder / 2:.3f} s |")
for streams in (1, 8):
    r = medians(int8)[streams]
    print(f"| measured, int8, {streams} stream{'s' if streams > 1 else ''}: GPT steps | {r['milliseconds_per_code']:.1f} ms "
          f"| {r['milliseconds_per_code'] / 1e3 / CODE_SECONDS:.3f} s |")

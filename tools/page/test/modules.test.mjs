// Tests the page's pure modules under Node. They have no imports, so they load from their text.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const load = (name) => {
  const source = readFileSync(new URL(`../../../Sources/HTTPAdapter/Page/${name}.js`, import.meta.url), "utf8");
  return import(`data:text/javascript,${encodeURIComponent(source)}`);
};
const { mean, parse, quantile, total } = await load("metrics");
const { Analysis, bands, hop, transform } = await load("spectrum");
const { PCMDecoder, wavFile } = await load("player");
const { level } = await load("recorder");

/** A histogram of durations up to 1, up to 2, and above, for two labels that the test adds up. */
const histogram = (low, middle, all) => parse(["a", "b"].map((label) => `
x_bucket{t="${label}",le="1"} ${low}
x_bucket{t="${label}",le="2"} ${middle}
x_bucket{t="${label}",le="+Inf"} ${all}
x_sum{t="${label}"} ${all * 1.5}
x_count{t="${label}"} ${all}`).join("\n"));

test("metrics are read and added up", () => {
  const families = parse('# HELP y words\n# TYPE y counter\ny{outcome="ok",t="a"} 3\ny{outcome="internal"} 1\nz 2.5e1\n');
  assert.equal(total(families, "y"), 4);
  assert.equal(total(families, "y", (labels) => labels.includes('outcome="ok"')), 3);
  assert.equal(total(families, "z"), 25);
  assert.equal(total(families, "absent"), 0);
});

test("quantiles are of what came in between", () => {
  assert.equal(quantile(null, histogram(5, 10, 10), "x", 0.5), 1);
  assert.equal(quantile(null, histogram(0, 10, 10), "x", 0.5), 1.5);
  assert.equal(quantile(histogram(50, 50, 50), histogram(50, 60, 60), "x", 0.5), 1.5);
  assert.equal(quantile(null, histogram(0, 0, 10), "x", 0.5), 2);
  assert.equal(quantile(histogram(1, 1, 1), histogram(1, 1, 1), "x", 0.5), null);
  assert.equal(mean(histogram(0, 0, 2), histogram(0, 0, 4), "x"), 1.5);
  assert.equal(mean(histogram(0, 0, 2), histogram(0, 0, 2), "x"), null);
});

test("the transform is the defining sum", () => {
  const length = 16;
  const samples = Float32Array.from({ length }, (_, index) => Math.sin(index * index));
  const [real, imaginary] = [samples.slice(), new Float32Array(length)];
  transform(real, imaginary);
  for (let bin = 0; bin < length; bin++) {
    let [x, y] = [0, 0];
    samples.forEach((sample, index) => {
      x += sample * Math.cos((2 * Math.PI * bin * index) / length);
      y -= sample * Math.sin((2 * Math.PI * bin * index) / length);
    });
    assert.ok(Math.abs(real[bin] - x) < 1e-5 && Math.abs(imaginary[bin] - y) < 1e-5, `bin ${bin}`);
  }
});

test("a tone is loudest in its band, and pieces give what the whole gives", () => {
  const tone = Float32Array.from({ length: 12_000 }, (_, index) => 0.5 * Math.sin((2 * Math.PI * 1_000 * index) / 24_000));
  const [whole, pieces] = [new Analysis(24_000), new Analysis(24_000)];
  whole.append(tone);
  for (let at = 0; at < tone.length; at += 777) pieces.append(tone.subarray(at, at + 777));
  assert.deepEqual(pieces.columns, whole.columns);
  const column = [...whole.columns[10]];
  const band = Math.floor((bands * Math.log(1_000 / 80)) / Math.log(12_000 / 80));
  assert.ok(Math.abs(column.indexOf(Math.max(...column)) - band) <= 1);
  assert.ok(Math.abs(whole.peaks[3] - 0.5) < 0.01);
  whole.complete();
  assert.equal(whole.peaks.length, Math.floor(tone.length / hop));
});

test("samples survive being cut anywhere, and the way into a file", async () => {
  const bytes = new Uint8Array(Int16Array.from([0, 1, -1, 32_767, -32_768, 12_345]).buffer);
  for (let cut = 0; cut <= bytes.length; cut++) {
    const decoder = new PCMDecoder();
    const samples = [bytes.slice(0, cut), bytes.slice(cut)].flatMap((piece) => [...decoder.decode(piece)]);
    assert.deepEqual(samples.map((sample) => sample * 32_768), [0, 1, -1, 32_767, -32_768, 12_345]);
  }
  const file = new Uint8Array(await wavFile(new PCMDecoder().decode(bytes), 24_000).arrayBuffer());
  assert.deepEqual(file.slice(44), bytes);
  assert.equal(new DataView(file.buffer).getUint32(24, true), 24_000);
});

test("the meter's scale is in decibels", () => {
  assert.equal(level(new Float32Array([0, 0])), 0);
  assert.equal(level(new Float32Array([0, -1])), 1);
  assert.ok(Math.abs(level(new Float32Array([0.1])) - 0.6) < 1e-6);
});

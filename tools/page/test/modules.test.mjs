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
const { kept, matching, totals } = await load("lists");
const { beginning, counted, duration, size, span } = await load("format");
const { snippet } = await load("snippet");
const { describe, members } = await load("schema");
const { examples } = await load("examples");

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

test("old takes leave at a limit, the newest stays", () => {
  const limits = { count: 3, samples: 100 };
  assert.equal(kept([], limits), 0);
  assert.equal(kept([10, 20, 30, 1], limits), 3);
  assert.equal(kept([50, 50, 1], limits), 2);
  assert.equal(kept([500, 1], limits), 1);
});

test("a search finds all its words, in any order and case", () => {
  const voices = [["Ana Florence", "en"], ["Zofija Kendrick", "pl"]].map(([display_name, language]) => ({ display_name, language }));
  const found = (search) => matching(voices, search).map(({ language }) => language);
  assert.deepEqual(found(""), ["en", "pl"]);
  assert.deepEqual(found("florence ANA"), ["en"]);
  assert.deepEqual(found("PL zof"), ["pl"]);
  assert.deepEqual(found("ana zofija"), []);
});

test("totals are added up per user", () => {
  const row = (user_id, requests, errors) => ({ user_id, requests, errors, characters: 10, audio_seconds: 1.5 });
  assert.deepEqual(totals([row("ada", 1, 0), row("", 5, 2), row("ada", 2, 1)]).map((user) => Object.values(user)),
    [["", 5, 2, 10, 1.5], ["ada", 3, 1, 20, 3]]);
});

test("numbers have units", () => {
  assert.deepEqual([0.05, 2.34].map(duration), ["50 ms", "2.3 s"]);
  assert.deepEqual([-3, 0.4, 119, 120, 7_199, 7_200, 200_000].map(span), ["0 s", "0 s", "119 s", "2 min", "119 min", "2 h", "2 d"]);
  assert.deepEqual([10, 2_048, 3_145_728].map(size), ["10 B", "2.0 KiB", "3.0 MiB"]);
  assert.deepEqual([counted(1, "voice"), counted(2, "voice")], ["1 voice", "2 voices"]);
  assert.equal(beginning("one two three", 8), "one two…");
});

test("programs carry any text, and a token only by its variable", () => {
  const request = { text: "It's \"\"\" `$HOME`\\ ${x}", stream: true, seed: 5 };
  const program = (language, needsToken) => snippet(language, { url: "http://h/", request, file: "a.mp3", needsToken });
  for (const language of ["curl", "node", "python"]) {
    assert.ok(program(language, true).includes("SPEECHBUS_HTTP_TOKEN"));
    assert.ok(!program(language, false).includes("SPEECHBUS_HTTP_TOKEN"));
  }
  const body = /-d '([^]*)'$/.exec(program("curl", false))[1].replaceAll("'\\''", "'");
  assert.deepEqual(JSON.parse(body), request);
});

test("schemas are described in words", () => {
  const document = { components: { schemas: { Voice: { type: "object", required: ["id"], properties: { id: { type: "string" } } } } } };
  const schema = {
    properties: {
      top_k: { type: ["integer", "string", "null"], maxLength: 0, minimum: 1, maximum: 9, description: "Choices." },
      format: { enum: ["wav", "", null] }, voices: { type: "array", items: { $ref: "#/components/schemas/Voice" } },
    },
  };
  assert.deepEqual(members(schema, document).map(({ name, isRequired, value, meaning }) => [name, isRequired, value, meaning]), [
    ["top_k", false, "integer, 1 to 9", "Choices."], ["format", false, "wav", ""],
    ["voices", false, "list of object", ""], ["voices[].id", true, "string", ""],
  ]);
  assert.equal(describe({ type: "integer", minimum: 1, default: 50 }, document), "integer, 1 to any, default 50");
});

test("each language of the model has an example", () => {
  assert.equal(Object.keys(examples).length, 17);
});

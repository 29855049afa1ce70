// Live charts of the service, from /metrics.
import { call } from "./api.js";
import { mean, parse, quantile, total } from "./metrics.js";

const interval = 2_000;
/** The number of points of a chart: at first those of one minute, later those of up to three. */
const points = { atLeast: 30, atMost: 90 };
/** The number of readings for percentiles and means: one minute. */
const span = 30;
const width = 240;
const height = 52;

const tiles = [
  {
    id: "waiting", title: "Waiting in this worker", note: "sequences without a slot, apart from the broker's queue", atLeast: 4,
    read: (now) => ({ main: total(now, "speechbus_sequences_waiting") }),
    text: ({ main }) => [String(main), "waiting"],
  },
  {
    id: "slots", title: "Slots", note: "voices spoken side by side",
    read: (now) => ({ main: total(now, "speechbus_slots_in_use"), limit: total(now, "speechbus_slots") }),
    text: ({ main, limit }) => [String(main), `of ${limit} in use`],
  },
  {
    id: "latency", title: "First audio", note: "half within, dashed: 95 %", atLeast: 0.5,
    read: (now, before) => ({
      main: quantile(before, now, "speechbus_first_audio_seconds", 0.5),
      second: quantile(before, now, "speechbus_first_audio_seconds", 0.95),
    }),
    text: ({ main, second }) =>
      main === null ? ["–", "in the last minute"] : [duration(main), `95 % in ${duration(second)}`],
  },
  {
    id: "factor", title: "Real-time factor", note: "seconds of work per second of audio", atLeast: 1,
    read: (now, before) => ({ main: mean(before, now, "speechbus_real_time_factor") }),
    text: ({ main }) => (main === null ? ["–", "in the last minute"] : [main.toFixed(2), main < 1 ? "faster than real time" : "slower than real time"]),
  },
];

export class Dashboard {
  #readings = [];
  #charts = tiles.map((tile) => new Chart(tile));

  constructor() {
    document.getElementById("tiles").append(...this.#charts.map((chart) => chart.root));
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.#poll(); });
    this.#poll();
    setInterval(() => { if (!document.hidden) this.#poll(); }, interval);
  }

  async #poll() {
    try {
      const now = parse(await (await call("metrics", { quiet: true })).text());
      this.#readings.push(now);
      if (this.#readings.length > span) this.#readings.shift();
      const before = this.#readings.length > 1 ? this.#readings[0] : null;
      for (const chart of this.#charts) chart.add(chart.tile.read(now, before));
      this.#summarise(now);
    } catch (error) {
      document.getElementById("service-summary").textContent = error.status === 401 ? "Hidden without the token" : "No figures: the service can't be reached";
    }
  }

  #summarise(now) {
    const name = "speechbus_requests_total";
    const good = total(now, name, (labels) => labels.includes('outcome="ok"'));
    const others = total(now, name) - good;
    const audio = total(now, "speechbus_audio_seconds_total");
    document.getElementById("service-summary").textContent =
      `${good.toLocaleString()} answered · ${others.toLocaleString()} refused or failed · ${length(audio)} of speech since the start`;
  }
}

class Chart {
  #values = [];
  #drawing = shape("svg", { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none", role: "img" });
  #area = shape("path", { class: "area" });
  #second = shape("path", { class: "second" });
  #trace = shape("path", { class: "trace" });
  #value = document.createElement("p");

  constructor(tile) {
    this.tile = tile;
    this.root = document.createElement("article");
    this.root.className = "card tile";
    this.root.id = `tile-${tile.id}`;
    const title = document.createElement("h3");
    title.textContent = tile.title;
    this.#value.className = "value";
    const note = document.createElement("p");
    note.textContent = tile.note;
    this.#drawing.append(this.#area, this.#second, this.#trace);
    this.root.append(title, this.#value, this.#drawing, note);
    this.#say("–", "");
  }

  add(reading) {
    this.#values.push(reading);
    if (this.#values.length > points.atMost) this.#values.shift();
    this.#say(...this.tile.text(reading));
    const shown = this.#values.flatMap(({ main, second }) => [main ?? 0, second ?? 0]);
    const top = Math.max(reading.limit ?? 0, this.tile.atLeast ?? 0, ...shown) * 1.08;
    this.#trace.setAttribute("d", path(this.#values.map(({ main }) => main), top));
    this.#second.setAttribute("d", path(this.#values.map(({ second }) => second ?? null), top));
    this.#area.setAttribute("d", path(this.#values.map(({ main }) => main), top, true));
  }

  #say(value, detail) {
    const small = document.createElement("small");
    small.textContent = detail;
    this.#value.replaceChildren(value, " ", small);
    this.#drawing.setAttribute("aria-label", `${this.tile.title} in the last minutes, now ${value} ${detail}`);
  }
}

/** An SVG path through the values, the newest at the right. A null value interrupts it. */
function path(values, top, isFilled = false) {
  const step = width / (Math.max(values.length, points.atLeast) - 1);
  const left = width - (values.length - 1) * step;
  const y = (value) => (height - 1 - (value / top) * (height - 2)).toFixed(1);
  const runs = [];
  values.forEach((value, index) => {
    if (value === null) return;
    if (index === 0 || values[index - 1] === null) runs.push([]);
    runs.at(-1).push([(left + index * step).toFixed(1), y(value)]);
  });
  return runs.map((run) => {
    const line = `M${run.map((point) => point.join(" ")).join("L")}`;
    return isFilled ? `${line}L${run.at(-1)[0]} ${height}L${run[0][0]} ${height}Z` : line;
  }).join("");
}

function shape(name, attributes) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}

const duration = (seconds) => (seconds < 1 ? `${Math.round(seconds * 1000)} ms` : `${seconds.toFixed(1)} s`);

function length(seconds) {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600).toLocaleString()} h`;
}

// Live charts of the service, from /metrics and the broker's queues.
import { call } from "./api.js";
import { duration, span } from "./format.js";
import { mean, parse, quantile, total } from "./metrics.js";

const interval = 2_000;
/** The number of points of a chart: at first those of one minute, later those of up to three. */
const points = { atLeast: 30, atMost: 90 };
/** The number of readings for percentiles and means: one minute. */
const minute = 30;
const width = 240;
const height = 64;

const whole = (value) => Math.round(value).toLocaleString();
/** `axis` writes a value of the chart with its unit. `read` gets the newest reading and the one of a minute ago. */
const tiles = [
  {
    id: "queue", title: "Waiting at the broker", note: "requests in the queue of all workers, taken by none yet", atLeast: 4,
    axis: (value) => `${whole(value)} requests`,
    read: ({ queue }) => ({ main: queue?.messages ?? null, consumers: queue?.consumers }),
    text: ({ main, consumers }) => (main === null ? ["–", "not readable"] : [whole(main), `for ${consumers} worker${consumers === 1 ? "" : "s"}`]),
  },
  {
    id: "waiting", title: "Waiting in this worker", note: "sequences that it has taken, without a slot yet", atLeast: 4,
    axis: (value) => `${whole(value)} sequences`,
    read: (now) => ({ main: total(now.metrics, "speechbus_sequences_waiting") }),
    text: ({ main }) => [whole(main), "waiting"],
  },
  {
    id: "slots", title: "Slots", note: "sequences that this worker speaks side by side",
    axis: (value) => `${whole(value)} slots`,
    read: ({ metrics }) => ({ main: total(metrics, "speechbus_slots_in_use"), limit: total(metrics, "speechbus_slots") }),
    text: ({ main, limit }) => [whole(main), `of ${whole(limit)} in use`],
  },
  {
    id: "latency", title: "First audio", note: "from receipt to the first sound, last minute: half of the requests within this, dashed: 95 %", atLeast: 0.5,
    axis: duration,
    read: ({ metrics }, before) => ({
      main: quantile(before, metrics, "speechbus_first_audio_seconds", 0.5),
      second: quantile(before, metrics, "speechbus_first_audio_seconds", 0.95),
    }),
    text: ({ main, second }) =>
      main === null ? ["–", "no request in the last minute"] : [duration(main), `95 % within ${duration(second)}`],
  },
  {
    id: "factor", title: "Real-time factor", note: "seconds of work per second of audio, mean of the last minute", atLeast: 1,
    axis: (value) => `${value.toFixed(1)} s per s`,
    read: ({ metrics }, before) => ({ main: mean(before, metrics, "speechbus_real_time_factor") }),
    text: ({ main }) => (main === null ? ["–", "no request in the last minute"] : [main.toFixed(2), main < 1 ? "faster than real time" : "slower than real time"]),
  },
];

export class Dashboard {
  #readings = [];
  #charts = tiles.map((tile) => new Chart(tile));
  #isShown;

  /** @param {() => boolean} isShown whether the charts are on the screen; the broker is queried only then */
  constructor(isShown) {
    this.#isShown = isShown;
    document.getElementById("tiles").append(...this.#charts.map((chart) => chart.root));
    document.addEventListener("visibilitychange", () => this.poll());
    this.poll();
    setInterval(() => this.poll(), interval);
  }

  async poll() {
    if (document.hidden) return;
    try {
      const [metrics, queue] = await Promise.all([
        call("metrics", { quiet: true }).then((answer) => answer.text()).then(parse), this.#isShown() ? synthesisQueue() : null,
      ]);
      this.#readings.push(metrics);
      if (this.#readings.length > minute) this.#readings.shift();
      const before = this.#readings.length > 1 ? this.#readings[0] : null;
      for (const chart of this.#charts) chart.add(chart.tile.read({ metrics, queue }, before));
      this.#summarise(metrics);
    } catch (error) {
      const reasons = {
        401: "Hidden without the token", 403: "Needs a token with the scope metrics", 404: "On the port of SPEECHBUS_ADMIN_PORT",
      };
      document.getElementById("service-summary").textContent = reasons[error.status] ?? "No figures: the service can't be reached";
    }
  }

  #summarise(now) {
    const name = "speechbus_requests_total";
    const good = total(now, name, (labels) => labels.includes('outcome="ok"'));
    const others = total(now, name) - good;
    const audio = total(now, "speechbus_audio_seconds_total");
    document.getElementById("service-summary").textContent =
      `Since the start: ${good.toLocaleString()} answered · ${others.toLocaleString()} refused or failed · ${span(audio)} of speech`;
  }
}

/** The broker's queue of synthesis requests; null if it can't be read. */
async function synthesisQueue() {
  try {
    const { synthesize, queues } = await (await call("api/v1/tts/queues", { quiet: true })).json();
    return queues.find(({ name }) => name === synthesize) ?? null;
  } catch {
    return null;
  }
}

class Chart {
  #values = [];
  #drawing = shape("svg", { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none", role: "img" });
  #area = shape("path", { class: "area" });
  #second = shape("path", { class: "second" });
  #trace = shape("path", { class: "trace" });
  #value = document.createElement("p");
  #top = document.createElement("span");
  #since = document.createElement("span");

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
    const [upper, lower] = [document.createElement("p"), document.createElement("p")];
    upper.className = lower.className = "axis";
    for (const axis of [upper, lower]) axis.setAttribute("aria-hidden", "true");
    upper.append(this.#top);
    lower.append(this.#since, "now");
    this.root.append(title, this.#value, upper, this.#drawing, lower, note);
    this.#say("–", "");
  }

  add(reading) {
    this.#values.push(reading);
    if (this.#values.length > points.atMost) this.#values.shift();
    this.#say(...this.tile.text(reading));
    const shown = this.#values.flatMap(({ main, second }) => [main ?? 0, second ?? 0]);
    const top = Math.max(reading.limit ?? 0, this.tile.atLeast ?? 0, ...shown);
    this.#top.textContent = this.tile.axis(top);
    this.#since.textContent = `${span((interval / 1_000) * Math.max(this.#values.length, points.atLeast))} ago`;
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

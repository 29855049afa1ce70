// The tables for operators: dead-lettered messages, recorded requests, usage.
import { call } from "./api.js";
import { confirmed } from "./confirm.js";
import { beginning, counted, size, span } from "./format.js";
import { totals } from "./lists.js";

const element = (id) => document.getElementById(id);

export class Operations {
  #next = null;

  constructor() {
    element("dead-refresh").addEventListener("click", () => this.#showDead());
    element("requests-refresh").addEventListener("click", () => this.#showRequests());
    element("requests-outcome").addEventListener("change", () => this.#showRequests());
    element("requests-older").addEventListener("click", () => this.#showRequests(this.#next));
    element("usage-days").addEventListener("change", () => this.#showUsage());
  }

  /** Reads everything again. */
  refresh() {
    this.#showDead();
    this.#showRequests();
    this.#showUsage();
  }

  #showDead() {
    return this.#fill("dead", "api/v1/tts/dead?limit=100", ({ total, messages }) => {
      const more = total > messages.length ? `, the oldest ${messages.length} are shown` : "";
      return { state: total ? `${counted(total, "message")}${more}` : "None", rows: messages.map((message) => this.#dead(message)) };
    });
  }

  #dead(message) {
    const name = message.message_id ?? message.correlation_id ?? message.id;
    const decision = cell();
    decision.className = "decision";
    const requeue = button("Requeue", name, () => this.#settle(message, "POST", "/requeue", "was requeued"));
    requeue.disabled = !message.body_is_whole;
    decision.append(requeue, button("Drop", name, async () => {
      const question = {
        title: "Drop this message?", yes: "Drop", no: "Keep",
        text: `The request “${beginning(name)}” is deleted. It is not answered any more.`,
      };
      if (await confirmed(question)) await this.#settle(message, "DELETE", "", "was dropped");
    }));
    const reason = cell();
    const code = document.createElement("strong");
    code.textContent = message.error_code ?? "unknown";
    reason.append(code, document.createElement("br"), message.error_message ?? "");
    const age = message.dead_at ? span((Date.now() - Date.parse(message.dead_at)) / 1_000) : "unknown";
    return [
      cell(age, "", message.dead_at ?? ""), reason, cell(message.original_queue ?? "unknown"),
      cell(beginning(name, 40), "code", name), cell(message.text ?? ""), cell(size(message.bytes), "figure"), decision,
    ];
  }

  async #settle(message, method, action, done) {
    element("dead-error").textContent = "";
    try {
      await call(`api/v1/tts/dead/${encodeURIComponent(message.id)}${action}`, { method });
    } catch (error) {
      element("dead-error").textContent = error.message;
      return;
    }
    await this.#showDead();
    const name = message.message_id ?? message.correlation_id ?? message.id;
    element("dead-state").textContent = `${beginning(name, 40)} ${done}. ${element("dead-state").textContent}`;
    this.#showRequests();
  }

  /** @param {number | null} before continues with older requests; null begins with the newest */
  #showRequests(before = null) {
    const query = new URLSearchParams({ limit: "20" });
    if (element("requests-outcome").value) query.set("outcome", element("requests-outcome").value);
    if (before !== null) query.set("before", String(before));
    return this.#fill("requests", `api/v1/tts/requests?${query}`, ({ requests, next }) => {
      this.#next = next ?? null;
      element("requests-older").hidden = this.#next === null;
      return { state: requests.length || before !== null ? "" : "None", rows: requests.map(recorded), isMore: before !== null };
    });
  }

  #showUsage() {
    const from = new Date(Date.now() - (Number(element("usage-days").value) - 1) * 86_400_000).toISOString().slice(0, 10);
    return this.#fill("usage", `api/v1/tts/usage?from=${from}`, ({ usage }) => {
      const users = totals(usage);
      return {
        state: users.length ? counted(users.length, "user") : "No requests",
        rows: users.map((user) => [
          cell(user.user_id || "(not named)"),
          ...[user.requests, user.errors, user.characters].map((number) => cell(number.toLocaleString(), "figure")),
          cell((user.audio_seconds / 60).toFixed(1), "figure"),
        ]),
      };
    });
  }

  /** Calls the service and fills a table with the result, or shows the reason why it is empty. */
  async #fill(id, path, read) {
    const table = element(id);
    element(`${id}-error`).textContent = "";
    try {
      const { state, rows, isMore } = read(await (await call(path)).json());
      const body = table.tBodies[0];
      if (!isMore) body.replaceChildren();
      for (const cells of rows) body.insertRow().append(...cells);
      table.hidden = body.rows.length === 0;
      element(`${id}-state`).textContent = state;
    } catch (error) {
      element(`${id}-state`).textContent = error.status === 403 ? "Needs a token with the scope operate" : "";
      element(`${id}-error`).textContent = error.status === 403 ? "" : error.message;
    }
  }
}

function recorded(row) {
  const result = cell(row.outcome === "error" ? row.error_code ?? "error" : row.outcome);
  if (row.outcome === "error") result.classList.add("failed");
  const at = new Date(row.received_at_ms);
  const times = ["queue_seconds", "first_audio_seconds", "total_seconds", "audio_seconds"];
  return [
    cell(at.toLocaleString(), "", at.toISOString()), cell(row.action.replaceAll("_", " ")),
    cell([row.user_id, row.token && `token ${row.token}`].filter(Boolean).join(", ")), result,
    ...times.map((name) => cell(typeof row[name] === "number" ? row[name].toFixed(2) : "", "figure")),
    cell(row.request_id.slice(0, 8), "code", row.request_id),
  ];
}

function cell(text = "", kind = "", title = "") {
  const made = document.createElement("td");
  made.textContent = text;
  if (kind) made.className = kind;
  if (title) made.title = title;
  return made;
}

function button(label, name, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "plain";
  made.textContent = label;
  made.setAttribute("aria-label", `${label} ${name}`);
  made.addEventListener("click", act);
  return made;
}

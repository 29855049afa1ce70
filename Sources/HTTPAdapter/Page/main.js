// Starts the page: views, configuration, health, colours and the token dialog.
import { call, onTokenNeeded } from "./api.js";
import { Composer } from "./composer.js";
import { Dashboard } from "./dashboard.js";
import { Lexicons } from "./lexicons.js";
import { Operations } from "./operations.js";
import { Preview } from "./preview.js";
import { Transport } from "./transport.js";
import { Voices } from "./voices.js";

const element = (id) => document.getElementById(id);
const healthTexts = {
  ok: "Ready", starting: "Loading the model", draining: "Shutting down", unavailable: "Without its broker",
};

const transport = new Transport();
const composer = new Composer(transport);
const voices = new Voices();
const lexicons = new Lexicons();

function chooseColours(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  element("theme").value = theme;
  transport.recolour();
}

element("theme").addEventListener("change", ({ target }) => {
  localStorage.setItem("speechbus-theme", target.value);
  chooseColours(target.value);
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => transport.recolour());
chooseColours(localStorage.getItem("speechbus-theme") ?? "");

onTokenNeeded((wasRefused) => new Promise((resolve, reject) => {
  const dialog = element("token-dialog");
  element("token-error").textContent = wasRefused ? "That is not its token." : "";
  element("token").value = "";
  element("token-form").onsubmit = (event) => {
    event.preventDefault();
    resolve(element("token").value);
    dialog.close();
  };
  element("token-cancel").onclick = () => dialog.close();
  dialog.onclose = () => reject(new Error("dismissed"));
  if (!dialog.open) dialog.showModal();
}));

/** Languages and voices are available once the model is loaded; until then the health shows the progress. */
let isConfigured = false;
let isConfiguring = false;

async function configure() {
  if (isConfigured || isConfiguring) return;
  isConfiguring = true;
  try {
    const settings = await (await call("api/v1/tts/config")).json();
    for (const id of ["language", "voice-language"]) {
      element(id).replaceChildren(...settings.languages.map(({ id, label }) => new Option(label, id)));
    }
    element("language").append(new Option("Detect", "auto"));
    voices.show(settings.voices);
    await lexicons.reload();
    element("model").textContent = `Model ${settings.model_repo}`;
    isConfigured = true;
  } catch (error) {
    if (error.status === 401) element("speak-error").textContent = error.message;
  } finally {
    isConfiguring = false;
  }
}

async function limitText() {
  const description = await (await call("openapi.json")).json();
  const body = description.paths["/api/v1/tts/synthesize"].post.requestBody.content["application/json"].schema;
  composer.limit(body.properties.text.maxLength);
}

async function watchHealth() {
  let state = "unreachable";
  try {
    // A response with status 503 has a body too; it contains the reason.
    const answer = await fetch("health", { cache: "no-store" });
    state = (await answer.json()).status;
  } catch {
    // The initial state "unreachable" is shown.
  }
  const text = healthTexts[state] ?? "Not reachable";
  element("health").dataset.state = state in healthTexts ? state : "unavailable";
  if (element("health-text").textContent !== text) element("health-text").textContent = text;
  if (state === "ok" || state === "unavailable") configure();
}

watchHealth();
setInterval(() => { if (!document.hidden) watchHealth(); }, 3_000);
limitText().catch(() => {});
new Preview();

const views = [...document.querySelectorAll("[data-view]")];
const operations = new Operations();
const dashboard = new Dashboard(() => !element("service").hidden);

/** Shows the view that the address names: a view, or the one with the named element. */
function showView() {
  const named = element(decodeURIComponent(location.hash.slice(1)));
  const view = named?.closest("[data-view]") ?? views[0];
  for (const other of views) other.hidden = other !== view;
  for (const link of document.querySelectorAll("nav a")) {
    if (link.hash === `#${view.id}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.title = `${view.dataset.view} · speechbus`;
  if (named && named !== view) named.focus();
  else scrollTo(0, 0);
  if (view.id === "service") {
    operations.refresh();
    dashboard.poll();
  }
}

addEventListener("hashchange", showView);
showView();

// The service's interface, and the token it may ask for.

const storedToken = "speechbus-token";
let token = sessionStorage.getItem(storedToken);
let question = null;
let ask = null;

/** An answer that is an error: its message is meant for people. */
export class ApiError extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

/** @param {(wasRefused: boolean) => Promise<string>} asker shows the question; rejects when it is dismissed. */
export function onTokenNeeded(asker) {
  ask = asker;
}

/**
 * Calls the service; asks for the token when it is needed, unless `quiet`.
 * @param {string} path relative to the page
 * @param {{method?: string, json?: object, signal?: AbortSignal, quiet?: boolean}} options
 * @returns {Promise<Response>} a good one
 * @throws {ApiError} what the service answered
 */
export async function call(path, { method = "GET", json, signal, quiet = false } = {}) {
  for (;;) {
    const used = token;
    const headers = {};
    if (used) headers.Authorization = `Bearer ${used}`;
    if (json !== undefined) headers["Content-Type"] = "application/json";
    const body = json === undefined ? undefined : JSON.stringify(json);
    let response;
    try {
      response = await fetch(path, { method, headers, body, signal, cache: "no-store" });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new ApiError("The service can't be reached.", 0);
    }
    if (response.ok) return response;
    if (response.status !== 401 || quiet) throw new ApiError(await explanation(response), response.status);
    await newToken(used);
  }
}

/** One question at a time, also for several calls that were refused together. */
async function newToken(refused) {
  if (token !== refused) return;
  question ??= ask(refused !== null).then(
    (answer) => {
      token = answer;
      sessionStorage.setItem(storedToken, answer);
    },
    () => { throw new ApiError("The service needs its token.", 401); },
  ).finally(() => { question = null; });
  await question;
}

async function explanation(response) {
  try {
    const answer = await response.json();
    const message = answer.error?.message ?? answer.detail;
    if (typeof message === "string" && message) return message[0].toUpperCase() + message.slice(1) + ".";
  } catch {
    // No JSON: the status says what there is to say.
  }
  return `The service answered ${response.status} ${response.statusText}.`;
}

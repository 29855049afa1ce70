// Calls of the service's HTTP interface, with the token if the service requires one.

const storedToken = "speechbus-token";
let token = sessionStorage.getItem(storedToken);
let question = null;
let ask = null;

/** Whether calls send a token. */
export const hasToken = () => token !== null;

/** An error response; its message is written for the user. */
export class ApiError extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

/** @param {(wasRefused: boolean) => Promise<string>} asker shows the dialog; rejects when it is cancelled. */
export function onTokenNeeded(asker) {
  ask = asker;
}

/**
 * Calls the service. Unless `quiet`, shows the token dialog when the service requires a token.
 * @param {string} path relative to the page
 * @param {{method?: string, json?: object, form?: FormData, signal?: AbortSignal, quiet?: boolean}} options
 * @returns {Promise<Response>} a response with a success status
 * @throws {ApiError} the service's error
 */
export async function call(path, { method = "GET", json, form, signal, quiet = false } = {}) {
  for (;;) {
    const used = token;
    const headers = {};
    if (used) headers.Authorization = `Bearer ${used}`;
    if (json !== undefined) headers["Content-Type"] = "application/json";
    const body = json === undefined ? form : JSON.stringify(json);
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

/** Shows one dialog at a time, also when several calls were refused at once. */
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
    // The body is not JSON, so the message consists of the status.
  }
  return `The service answered ${response.status} ${response.statusText}.`;
}

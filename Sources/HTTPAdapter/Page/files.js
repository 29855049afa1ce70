// Audio as files: from the service, and onto the disk.
import { call } from "./api.js";

/** The whole speech of a request that does not stream. @returns {Promise<Blob>} */
export async function whole(json, signal) {
  const reply = await (await call("api/v1/tts/synthesize", { method: "POST", json, signal })).json();
  if (reply.audio_url) return (await call(reply.audio_url.replace(/^.*?\/api\//, "api/"))).blob();
  return new Blob([Uint8Array.from(atob(reply.audio_base64), (character) => character.charCodeAt(0))]);
}

/** @param {string} format @returns {string} the extension of its files */
export const extension = (format) => ({ opus: "ogg", mulaw: "ulaw" })[format] ?? format;

/** Saves a file as a browser's download. */
export function save(file, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

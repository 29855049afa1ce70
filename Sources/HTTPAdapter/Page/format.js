// Numbers with their units, for people. No side effects.

/** @param {number} seconds */
export const duration = (seconds) => (seconds < 1 ? `${Math.round(seconds * 1000)} ms` : `${seconds.toFixed(1)} s`);

/** A long duration in its largest unit. @param {number} seconds */
export function span(seconds) {
  for (const [unit, length] of [["d", 86_400], ["h", 3_600], ["min", 60]]) {
    if (seconds >= 2 * length) return `${Math.floor(seconds / length).toLocaleString()} ${unit}`;
  }
  return `${Math.max(0, Math.round(seconds))} s`;
}

/** @param {number} bytes */
export function size(bytes) {
  for (const [unit, length] of [["MiB", 2 ** 20], ["KiB", 2 ** 10]]) {
    if (bytes >= length) return `${(bytes / length).toFixed(1)} ${unit}`;
  }
  return `${bytes} B`;
}

/** @param {number} number @param {string} noun */
export const counted = (number, noun) => `${number.toLocaleString()} ${noun}${number === 1 ? "" : "s"}`;

/** The first words of a text. */
export const beginning = (text, length = 60) => (text.length > length ? `${text.slice(0, length).trimEnd()}…` : text);

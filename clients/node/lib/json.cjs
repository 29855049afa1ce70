"use strict";

/** A request as JSON. A seed may be a BigInt. */
function encode(body) {
  const { seed, ...rest } = body;
  if (typeof seed === "number" && !Number.isSafeInteger(seed)) {
    throw new RangeError("seed: write integers above 2^53 as a BigInt");
  }
  const text = JSON.stringify(rest);
  if (seed === undefined || seed === null) return text;
  return `{"seed":${BigInt(seed)}${text === "{}" ? "" : ","}${text.slice(1)}`;
}

/** A reply. Its seed is a BigInt, because numbers lose the digits above 2^53. */
function decode(text) {
  const message = JSON.parse(text);
  if (message === null || typeof message !== "object") throw new SyntaxError("the reply is not an object");
  if (typeof message.seed === "number") {
    // Inside a JSON string the quotes are escaped, so that this matches a key only.
    const seeds = [...text.matchAll(/[{,]\s*"seed"\s*:\s*(\d+)(?=\s*[,}])/g)].map(([, digits]) => digits);
    const digits = seeds.find((each) => Number(each) === message.seed);
    if (digits === undefined) throw new SyntaxError("the reply's seed is not an integer");
    message.seed = BigInt(digits);
  }
  return message;
}

module.exports = { encode, decode };

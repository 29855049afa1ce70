// node say.mjs "Hello from Node." out.wav   (or out.pcm, which streams)
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { SpeechClient } from "@speechbus/client";

const [text = "Hello from Node.", path = "out.wav"] = process.argv.slice(2);
const url = process.env.SPEECHBUS_AMQP_URL ?? "amqp://guest:guest@127.0.0.1:5672/";
const client = new SpeechClient(url);
const stop = new AbortController();
process.once("SIGINT", () => stop.abort());

try {
  if (path.endsWith(".pcm")) {
    const file = createWriteStream(path);
    for await (const piece of client.stream({ text, format: "pcm" }, { signal: stop.signal })) {
      if (!file.write(piece)) await once(file, "drain");
    }
    file.end();
  } else {
    const speech = await client.synthesize({ text }, { signal: stop.signal });
    await writeFile(path, speech.audio);
    console.log(`${path}: ${speech.duration_seconds.toFixed(2)} s, real-time factor ${speech.timings.real_time_factor.toFixed(2)}`);
  }
} finally {
  await client.close();
}

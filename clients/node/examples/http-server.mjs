// node http-server.mjs   then open http://127.0.0.1:3000/speech?text=Hello.
import { once } from "node:events";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { SpeechClient } from "@speechbus/client";

/** Streams mp3 to a browser as it is spoken. A browser that leaves cancels the request. */
export async function speak(client, request, response) {
  const text = new URL(request.url, "http://localhost").searchParams.get("text") ?? "";
  const stop = new AbortController();
  response.on("close", () => stop.abort());
  try {
    for await (const piece of client.stream({ text, format: "mp3" }, { signal: stop.signal })) {
      if (!response.headersSent) response.writeHead(200, { "content-type": "audio/mpeg" });
      if (!response.write(piece)) await once(response, "drain", { signal: stop.signal });
    }
    response.end();
  } catch (error) {
    if (stop.signal.aborted) return;
    // After the first piece only an ended connection shows the browser that audio is missing.
    if (response.headersSent) return void response.destroy(error);
    response.writeHead(error.retryable ? 503 : 422, { "content-type": "application/json" });
    response.end(JSON.stringify({ error: { code: error.code ?? "internal", message: error.message } }));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const client = new SpeechClient(process.env.SPEECHBUS_AMQP_URL ?? "amqp://guest:guest@127.0.0.1:5672/");
  const server = createServer((request, response) => speak(client, request, response));
  const port = Number(process.env.PORT ?? 3000);
  server.listen(port, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}/speech?text=Hello.`));
  process.once("SIGTERM", () => server.close(() => client.close()));
}

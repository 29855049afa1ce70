// npm install fastify && node fastify.mjs   then open http://127.0.0.1:3000/speech?text=Hello.
import fastify from "fastify";
import { SpeechClient } from "@speechbus/client";
import { speak } from "./http-server.mjs";

const client = new SpeechClient(process.env.SPEECHBUS_AMQP_URL ?? "amqp://guest:guest@127.0.0.1:5672/");
const app = fastify();
app.get("/speech", (request, reply) => {
  reply.hijack();
  return speak(client, request.raw, reply.raw);
});
app.addHook("onClose", () => client.close());

console.log(`${await app.listen({ port: Number(process.env.PORT ?? 3000), host: "127.0.0.1" })}/speech?text=Hello.`);
process.once("SIGTERM", () => app.close());

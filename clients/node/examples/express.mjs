// npm install express && node express.mjs   then open http://127.0.0.1:3000/speech?text=Hello.
import express from "express";
import { SpeechClient } from "@speechbus/client";
import { speak } from "./http-server.mjs";

const client = new SpeechClient(process.env.SPEECHBUS_AMQP_URL ?? "amqp://guest:guest@127.0.0.1:5672/");
const app = express();
app.get("/speech", (request, response, next) => speak(client, request, response).catch(next));

const port = Number(process.env.PORT ?? 3000);
const server = app.listen(port, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}/speech?text=Hello.`));
process.once("SIGTERM", () => server.close(() => client.close()));

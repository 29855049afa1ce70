import { createHash } from "node:crypto";

/** Stands for a broker with a service. `published` contains the received messages. */
export class StandIn {
  published = [];
  connections = [];
  isDown = false;

  /** @param {(request: object, reply: (message: object) => void) => void} [answer] */
  constructor(answer = speak) {
    this.answer = answer;
  }

  connect = async () => {
    if (this.isDown) throw new Error("refused");
    let [onReply, onClose] = [() => {}, () => {}];
    const connection = {
      replyTo: `reply-${this.connections.length}`,
      onReply: (handler) => { onReply = handler; },
      onClose: (handler) => { onClose = handler; },
      publish: async (exchange, key, content, properties) => {
        const body = JSON.parse(content);
        this.published.push({ exchange, key, body, properties });
        if (exchange === "tts.control") return;
        if (!["tts.synthesize", "tts.voices.list"].includes(key)) throw new Error(`no queue ${key}`);
        const reply = (message) => onReply({ correlationId: properties.correlationId, content: Buffer.from(JSON.stringify(message)) });
        setImmediate(() => this.answer(body, reply, this.published.length));
      },
      close: async () => onClose(),
      lose: () => onClose(new Error("reset")),
    };
    this.connections.push(connection);
    return connection;
  };
}

export const audioOf = (text) => Buffer.from(`audio of ${text}`);

export function finalReply(audio, fields = {}) {
  return {
    status: "ok", request_id: "0".repeat(32), format: "wav", sample_rate: 24_000, duration_seconds: 1, speaker_id: "default",
    language: "en", seed: 1, sha256: createHash("sha256").update(audio).digest("hex"), segments: [],
    timings: { queue_seconds: 0, first_audio_seconds: 0, total_seconds: 0, real_time_factor: 0 },
    model: { repo: "r", revision: "1", sha256: "0".repeat(64), precision: "int8", device: "cpu" }, warnings: [], ...fields,
  };
}

export function piece(sequence, audio) {
  return { sequence, audio_base64: audio.toString("base64") };
}

/** Answers as the service does: whole, or two bytes a piece. */
export function speak(request, reply) {
  const audio = audioOf(request.text);
  if (!request.stream) return reply(finalReply(audio, { audio_base64: audio.toString("base64") }));
  for (let at = 0; at < audio.length; at += 2) reply(piece(at / 2, audio.subarray(at, at + 2)));
  reply(finalReply(audio, { sequence: Math.ceil(audio.length / 2) }));
}

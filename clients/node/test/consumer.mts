// Type-checked against the installed package by tools/check-clients, as an ESM file and, renamed, as CommonJS.
import { DisconnectedError, ServiceError, SpeechClient, type Speech, type SynthesisRequest } from "@speechbus/client";

const request: SynthesisRequest = { text: "Hello.", seed: 2n ** 63n, format: "wav" };
const client = new SpeechClient("amqp://127.0.0.1/", { reconnectFor: 1_000 });

export async function use(signal: AbortSignal): Promise<Buffer | undefined> {
  for await (const piece of client.stream(request, { signal, timeout: 1_000 })) piece.readInt16LE(0);
  try {
    const speech: Speech = await client.synthesize(request, { messageId: "one", priority: 9 });
    const seed: bigint = speech.seed;
    const words: string[] = (await client.configuration()).languages.map(({ id }) => `${id}${seed}`);
    return words.length > 0 ? speech.audio : undefined;
  } catch (error) {
    if (error instanceof ServiceError && error.code === "unknown_speaker") return undefined;
    if (error instanceof DisconnectedError && error.state === "refused") return undefined;
    throw error;
  } finally {
    await client.close();
  }
}

// @ts-expect-error: the text is required
void client.synthesize({ language: "en" });
// @ts-expect-error: there is no such format
void client.synthesize({ text: "Hello.", format: "midi" });

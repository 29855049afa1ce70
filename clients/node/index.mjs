import client from "./lib/index.cjs";

export const { SpeechClient, SpeechError, ServiceError, DeadlineError, DisconnectedError, UnroutableError, ReplyError } = client;

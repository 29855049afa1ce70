// Made from schemas/ by make-types.mjs; do not edit.

/** Configuration reply. The loaded model, its languages and voices. */
export type ConfigReply = {
  status: "ok";
  /** Made by the service, unguessable. */
  request_id: string;
  model_repo: string;
  model_dir: string;
  languages: {
    id: "en" | "es" | "fr" | "de" | "it" | "pt" | "pl" | "tr" | "ru" | "nl" | "cs" | "ar" | "zh-cn" | "hu" | "ko" | "ja" | "hi";
    label: string;
  }[];
  voices: {
    voice_id: string;
    display_name: string;
    language: "en" | "es" | "fr" | "de" | "it" | "pt" | "pl" | "tr" | "ru" | "nl" | "cs" | "ar" | "zh-cn" | "hu" | "ko" | "ja" | "hi";
  }[];
};

/** Configuration request. Sent to tts.config; its fields are not looked at. */
export type ConfigRequest = Record<string, never>;

/** Control message. Published to the fanout exchange tts.control; every worker gets it. */
export type Control = {
  /** The correlation id of the request to drop. */
  cancel: string;
};

/** Error reply. The answer to any request that failed. It ends a streamed reply too, then with sequence. */
export type ErrorReply = {
  status: "error";
  /** Made by the service, unguessable. */
  request_id: string;
  error: {
    code: "invalid_json" | "invalid_request" | "text_empty" | "text_too_long" | "unsupported_language" | "unknown_speaker" | "invalid_audio" | "audio_too_short" | "audio_too_large" | "download_failed" | "download_forbidden" | "reply_too_large" | "reply_refused" | "deadline_exceeded" | "cancelled" | "overloaded" | "model_unavailable" | "internal";
    message: string;
    /** Whether the same request can succeed later. */
    retryable: boolean;
    /** The request field at fault. */
    field?: string;
  };
  sequence?: number;
};

/** Piece of a streamed reply. Headers x-tts-sequence (the same number) and x-tts-final (false). A repeated number, after a redelivery, carries the same bytes. */
export type SynthesisChunk = {
  sequence: number;
  /** 16-bit little-endian PCM at 24 kHz, or encoded frames that concatenate (mp3, opus). */
  audio_base64: string;
};

/** Synthesis reply. The answer to a synthesis request, and the last message of a streamed one (then without audio and with sequence). */
export type SynthesisReply = {
  status: "ok";
  /** Made by the service, unguessable. */
  request_id: string;
  format: "wav" | "flac" | "mp3" | "opus" | "pcm";
  sample_rate: 24000;
  /** Absent when the audio was stored (audio_url) or streamed. */
  audio_base64?: string;
  /** Where the audio is when it is over SPEECHBUS_MAX_REPLY_BYTES. */
  audio_url?: string;
  duration_seconds: number;
  speaker_id: string;
  language: "en" | "es" | "fr" | "de" | "it" | "pt" | "pl" | "tr" | "ru" | "nl" | "cs" | "ar" | "zh-cn" | "hu" | "ko" | "ja" | "hi";
  seed: number;
  /** Of the decoded audio bytes. */
  sha256: string;
  segments: {
    text: string;
    characters: number;
    codes: number;
    /** The model ran to its limit of audio codes; the end may be missing. */
    hit_limit: boolean;
  }[];
  timings: {
    queue_seconds: number;
    first_audio_seconds: number;
    total_seconds: number;
    real_time_factor: number;
  };
  model: {
    repo: string;
    revision: string;
    sha256: string;
    precision: "float32" | "int8" | "bfloat16" | "float16";
    device: string;
  };
  /** Things the caller should know; the request went on. */
  warnings: string[];
  /** Only in the message that ends a streamed reply: the same as the header x-tts-sequence. */
  sequence?: number;
};

/** Synthesis request. Sent to tts.synthesize with reply_to and correlation_id. Unknown fields are ignored with a warning; null counts as absent. */
export type SynthesisRequest = {
  /** What to speak; at most SPEECHBUS_MAX_TEXT characters, not only white space. */
  text: string;
  /** One of en es fr de it pt pl tr ru nl cs ar zh-cn hu ko ja hi; region suffixes and zh are understood. The service's default language when absent. */
  language?: string | null;
  /** A registered voice's id, a built-in speaker's name, or default. */
  speaker_id?: string | null;
  /** Reference audio of the voice: WAV, FLAC, MP3 or OGG in base64, also as a data URL. */
  speaker_wav_base64?: string | null;
  /** Where the reference audio is fetched from. speaker_wav_base64 wins. */
  speaker_wav_url?: string | null;
  /** wav when absent. A streamed reply comes as pcm where wav or flac was asked for. */
  format?: "wav" | "flac" | "mp3" | "opus" | "pcm" | null;
  /** Whether the audio comes in pieces as it is made. */
  stream?: boolean | null;
  /** Equal requests give equal audio also without one. */
  seed?: number | null;
  temperature?: number | null;
  top_k?: number | null;
  top_p?: number | null;
  repetition_penalty?: number | null;
  speed?: number | null;
  /** Whether long text is split at sentences; true when absent. */
  enable_text_splitting?: boolean | null;
  /** Whether the service keeps the audio; false when absent. */
  store_generated_audio?: boolean | null;
  user_id?: string | null;
};

/** Voice deletion reply. The voice that is gone. */
export type VoiceDeleteReply = {
  status: "ok";
  /** Made by the service, unguessable. */
  request_id: string;
  voice_id: string;
};

/** Voice deletion. Sent to tts.voices.delete. */
export type VoiceDeleteRequest = {
  voice_id: string;
};

/** Voice list reply. All voices a request may name. */
export type VoiceListReply = {
  status: "ok";
  /** Made by the service, unguessable. */
  request_id: string;
  voices: {
    voice_id: string;
    display_name: string;
    language: "en" | "es" | "fr" | "de" | "it" | "pt" | "pl" | "tr" | "ru" | "nl" | "cs" | "ar" | "zh-cn" | "hu" | "ko" | "ja" | "hi";
  }[];
};

/** Voice list request. Sent to tts.voices.list; its fields are not looked at. */
export type VoiceListRequest = Record<string, never>;

/** Voice registration reply. The registered voice. */
export type VoiceRegisterReply = {
  status: "ok";
  /** Made by the service, unguessable. */
  request_id: string;
  voice_id: string;
  display_name: string;
  language: "en" | "es" | "fr" | "de" | "it" | "pt" | "pl" | "tr" | "ru" | "nl" | "cs" | "ar" | "zh-cn" | "hu" | "ko" | "ja" | "hi";
  /** Things the caller should know; the request went on. */
  warnings?: string[];
};

/** Voice registration. Sent to tts.voices.register. */
export type VoiceRegisterRequest = {
  display_name?: string | null;
  language?: string | null;
  /** Reference audio of the voice: WAV, FLAC, MP3 or OGG in base64, also as a data URL. */
  speaker_wav_base64?: string | null;
  /** Where the reference audio is fetched from. speaker_wav_base64 wins. */
  speaker_wav_url?: string | null;
  samples?: {
    /** Reference audio of the voice: WAV, FLAC, MP3 or OGG in base64, also as a data URL. */
    speaker_wav_base64?: string | null;
    /** Where the reference audio is fetched from. speaker_wav_base64 wins. */
    speaker_wav_url?: string | null;
  }[] | null;
  user_id?: string | null;
  /** Who agreed to the voice's use, or where it comes from. */
  source_note?: string | null;
};

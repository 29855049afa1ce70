import Foundation
import SpeechCore

/// What is said: texts of all lengths in many languages, by several voices, in every format.
struct Corpus: Sendable {
  static let texts: [(Language, String)] = [
    (.english, "Yes."), (.english, "The train leaves in ten minutes."),
    (.english, "Please hold the line, we are looking for somebody who can help you with that."),
    (
      .english,
      """
      The ship left the harbour before sunrise. Nobody on board had slept much, and the wind came from the wrong side. \
      By noon they had passed the last lighthouse. The captain asked for the charts, and found that half of them were wet.
      """
    ),
    (.german, "Guten Morgen, wie geht es Ihnen heute?"),
    (.german, "Der Aufzug ist außer Betrieb. Nehmen Sie die Treppe."),
    (.french, "Bonjour, votre commande est prête."), (.french, "Il pleut depuis hier soir, prenez un parapluie."),
    (.spanish, "Buenas tardes, la mesa está lista."), (.italian, "Il treno per Milano parte dal binario tre."),
    (.portuguese, "A reunião começa às nove horas."), (.polish, "Proszę czekać na sygnał."),
    (.turkish, "Toplantı yarın sabah başlıyor."), (.russian, "Доброе утро, поезд прибывает на второй путь."),
    (.dutch, "De winkel sluit om zes uur."), (.czech, "Vlak má pět minut zpoždění."),
    (.hungarian, "Jó napot kívánok, miben segíthetek?"), (.arabic, "صباح الخير، كيف حالك اليوم؟"),
  ]

  static let malformed: [(String, SpeechError.Code)] = [
    ("not json", .invalidJSON), (#"{"text":"#, .invalidJSON), ("{}", .invalidRequest),
    (#"{"text":1}"#, .invalidRequest),
    (#"{"text":" "}"#, .textEmpty), (#"{"text":"a","language":"xx"}"#, .unsupportedLanguage),
    (#"{"text":"a","speaker_id":"nobody at all"}"#, .unknownSpeaker),
    (#"{"text":"a","speaker_wav_base64":"***"}"#, .invalidAudio),
    (#"{"text":"a","speaker_wav_url":"http://127.0.0.1/a.wav"}"#, .downloadForbidden),
    (#"{"text":"a","temperature":99}"#, .invalidRequest),
  ]

  /// One thing to say, whose audio is always the same.
  let items: [SynthesisRequest]

  /// - Parameter voices: ids; each item has one of them.
  init(voices: [String]) {
    let formats: [AudioFormat] = [.wav, .flac, .mp3, .opus, .pcm]
    items = Self.texts.enumerated().flatMap { index, entry in
      [false, true].map { streams in
        var request = SynthesisRequest(
          text: entry.1, language: entry.0, format: streams ? .pcm : formats[index % formats.count], stream: streams)
        if !voices.isEmpty { request.voice = .named(voices[index % voices.count]) }
        return request
      }
    }
  }
}

/// A sequence of numbers that a seed decides.
struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

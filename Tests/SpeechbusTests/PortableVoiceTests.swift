import Foundation
import RabbitMQ
import SQLiteStorage
import SpeechAudio
import SpeechCore
import TestSupport
import Testing

@testable import AMQPAdapter

/// Cloning settings, exported voices and mixes on whole services, over the bus, HTTP and the command line.
@Suite struct PortableVoiceTests {
  private struct List: Decodable {
    var voices: [VoiceSummary]
    var latents_base64: Data?
  }

  private struct Refusal: Decodable {
    struct Detail: Decodable {
      var field: String?
      var message: String
    }
    var error: Detail
  }

  private static func recording(_ frequency: Float) throws -> Data {
    let samples = (0..<120_000).map { index in
      let phase = Float(index) / 24_000 * 2 * .pi
      return 0.3 * sin(frequency * phase) * (1 + 0.5 * sin(3 * phase)) / 1.5
    }
    return try AudioEncoder.encode(samples, format: .wav, sampleRate: 24_000)
  }

  private func speak(_ service: ServiceProcess, _ voice: String) async throws -> SynthesisReply {
    let answer = try await service.post(
      "api/v1/tts/synthesize", ["text": "Hello there.", "speaker_id": voice, "format": "pcm"])
    #expect(answer.status == 200, "\(String(decoding: answer.body, as: UTF8.self))")
    return try JSONDecoder().decode(SynthesisReply.self, from: answer.body)
  }

  /// A voice of one installation speaks in another one, which never has its recording.
  @Test func aVoiceMovesWithoutItsRecording() async throws {
    let broker = try await PrivateBroker.start(name: "portable-voices")
    // Own logs, so that nothing but the file moves.
    let one = try await ServiceProcess(broker: broker.url, settings: ["SPEECHBUS_QUEUE": "one"])
    let recording = try Self.recording(170).base64EncodedString()
    let body: [String: Any] = [
      "display_name": "Ada", "speaker_wav_base64": recording, "gpt_cond_len": 4, "gpt_cond_chunk_len": 2,
    ]
    let registered = try await one.post("api/v1/tts/voices", body)
    #expect(registered.status == 201, "\(String(decoding: registered.body, as: UTF8.self))")
    let voice = try JSONDecoder().decode(VoiceSummary.self, from: registered.body)
    #expect(voice.settings?.chunkSeconds == 2)
    let original = try await speak(one, "Ada")

    let client = try await AMQPRequester.connect(
      ConnectionConfiguration(url: broker.url), names: QueueNames(synthesize: "one"), replyMode: .direct)
    let list = try await client.request(
      List.self, Data(#"{"export":"ada","format":"safetensors"}"#.utf8), to: QueueNames(synthesize: "one").listVoices)
    #expect(list.voices.map(\.voiceID) == [voice.voiceID])
    let file = one.directory.appending(path: "ada.json")
    let exported = try await one.get("api/v1/tts/voices/\(voice.voiceID)/latents")
    #expect(exported.status == 200)
    try exported.body.write(to: file)
    #expect(exported.body.count < VoiceConditioning.maximumFileBytes)

    // The command of another installation, with its own database.
    let other = try ScratchDirectory("portable")
    let model = ["XTTS_MODEL_DIR": ServiceProcess.modelDirectory.path]
    let imported = try await CommandRun(["voices", "import", file.path], in: other.url, settings: model)
    #expect(imported.status == 0, "\(imported.errors)")
    let copy = try JSONDecoder().decode(VoiceSummary.self, from: imported.output)
    #expect(copy.displayName == "Ada" && copy.voiceID != voice.voiceID)
    let spoken = try await CommandRun(
      ["synthesize", "Hello there.", "-o", "a.pcm", "--speaker", "ada", "--seed", "\(original.seed)"], in: other.url,
      settings: model)
    #expect(spoken.status == 0, "\(spoken.errors)")
    let audio = try Data(contentsOf: other.url.appending(path: "a.pcm"))
    #expect(SHA256.hash(data: audio).hexadecimal == original.sha256)

    // Over the bus, with the other format; its audio is that of the recording too.
    let latents = try #require(list.latents_base64).base64EncodedString()
    let again = try await client.request(
      VoiceSummary.self, Data(#"{"display_name":"Twin","latents_base64":"\#(latents)"}"#.utf8),
      to: QueueNames(synthesize: "one").registerVoice)
    let request = SynthesisRequest(
      text: "Hello there.", voice: .named(again.voiceID), format: .pcm, seed: original.seed)
    #expect(try await client.synthesize(request).sha256 == original.sha256)

    let twin = try await CommandRun(
      ["voices", "export", "Twin", "-o", "twin.safetensors"], in: one.directory, settings: model)
    #expect(twin.status == 0, "\(twin.errors)")
    let bytes = try Data(contentsOf: one.directory.appending(path: "twin.safetensors"))
    #expect(bytes.count > 1_000)
    let rows = RowCollector()
    let database = try SpeechDatabase(path: one.directory.appending(path: "speechbus.sqlite").path)
    try await SQLiteAuditLog(database).export { rows.add($0) }
    #expect(rows.records.filter { $0.action == "export_voice" && $0.outcome == "ok" }.count == 3)
    try database.close()

    for (body, field) in [
      (#"{"latents_base64":"e30="}"#, "latents_base64"),
      (#"{"speaker_wav_base64":"\#(recording)","gpt_cond_chunk_len":0}"#, "gpt_cond_chunk_len"),
      (#"{"voice_id":"\#(again.voiceID)","gpt_cond_len":3}"#, "voice_id"),
    ] {
      let raw = try await client.send(Data(body.utf8), to: QueueNames(synthesize: "one").registerVoice)
      #expect(try JSONDecoder().decode(Refusal.self, from: raw.body).error.field == field)
    }
    await client.close()
    try await broker.stop()
  }

  @Test func settingsAndMixesChangeTheSpeech() async throws {
    let broker = try await PrivateBroker.start(name: "voice-settings")
    let service = try await ServiceProcess(broker: broker.url)
    func register(_ name: String, _ frequency: Float) async throws -> VoiceSummary {
      let recording = try Self.recording(frequency).base64EncodedString()
      let body: [String: Any] = ["display_name": name, "samples": [["speaker_wav_base64": recording]]]
      return try JSONDecoder().decode(VoiceSummary.self, from: try await service.post("api/v1/tts/voices", body).body)
    }
    let (ada, bo) = (try await register("Ada", 150), try await register("Bo", 240))
    let usual = try await speak(service, "Ada")
    // The command changes the database of the running service.
    let change = try await CommandRun(
      ["voices", "set", ada.voiceID, "--gpt-cond-len", "2", "--sound-norm-refs", "true"], in: service.directory)
    #expect(change.status == 0, "\(change.errors)")
    #expect(try JSONDecoder().decode(VoiceSummary.self, from: change.output).settings?.conditioningSeconds == 2)
    let changed = try await speak(service, "Ada")
    #expect(changed.sha256 != usual.sha256 && changed.seed != usual.seed)
    let reset = try await CommandRun(["voices", "set", ada.voiceID], in: service.directory)
    #expect(reset.status == 0)
    let mix = try await speak(service, "Ada:3,bo:1")
    #expect(mix.speakerID == "\(ada.voiceID):0.75,\(bo.voiceID):0.25")
    #expect(try await speak(service, "bo : 1 , ada : 3").sha256 != usual.sha256)
    #expect(try await speak(service, "Ada:0.75,Bo:0.25").sha256 == mix.sha256)
    let rows = RowCollector()
    let database = try SpeechDatabase(path: service.directory.appending(path: "speechbus.sqlite").path)
    try await SQLiteAuditLog(database).export { rows.add($0) }
    try database.close()
    let mixes = rows.records.compactMap { $0.settings?["voice_mix"] }
    #expect(mixes.contains("\(ada.voiceID)/3:0.75,\(bo.voiceID)/1:0.25"))

    for (arguments, words) in [
      (["set", "nobody", "--gpt-cond-len", "2"], ["no registered voice"]),
      (["set", ada.voiceID, "--gpt-cond-chunk-len", "0"], ["--gpt-cond-chunk-len", "1 to 30"]),
      (["export", "Ada", "-o", "a.pth"], ["a.pth", ".safetensors"]),
      (["import", "missing.json"], ["missing.json"]),
    ] {
      let refused = try await CommandRun(["voices"] + arguments, in: service.directory)
      #expect(refused.status != 0 && words.allSatisfy { refused.errors.contains($0) }, "\(refused.errors)")
    }
    try await broker.stop()
  }
}

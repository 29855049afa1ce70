import Foundation
import SpeechCore
import Testing

/// Registrations with cloning settings or latents, and changes of settings.
struct CloningSettingsTests {
  @Test func settingsAreReadFromMessagesAndForms() throws {
    let json = """
      {"speaker_wav_base64":"UklGRg==","gpt_cond_len":12,"gpt_cond_chunk_len":6,"max_ref_len":60,"sound_norm_refs":true}
      """
    let message = try VoiceRegistration.decode(Data(json.utf8))
    let form = try VoiceRegistration.decode(
      fields: ["gpt_cond_len": "12", "gpt_cond_chunk_len": "6", "max_ref_len": "60", "sound_norm_refs": "True"],
      files: [Data([1])])
    #expect(message.settings == form.settings && message.warnings.isEmpty && form.warnings.isEmpty)
    #expect(
      message.settings.parts == ["gpt_cond_chunk_len=6", "gpt_cond_len=12", "max_ref_len=60", "sound_norm_refs=true"])
    #expect(try VoiceRegistration.decode(Data(#"{"speaker_wav_base64":"UklGRg=="}"#.utf8)).settings.isEmpty)
    // A setting that no client may send is not valid in a stored voice either.
    let stored = try JSONDecoder().decode(CloningSettings.self, from: Data(#"{"gpt_cond_chunk_len":0}"#.utf8))
    #expect(!stored.isValid && message.settings.isValid)
  }

  @Test(arguments: [
    ("gpt_cond_len", "0", "1 to 600"), ("gpt_cond_len", "601", "1 to 600"), ("gpt_cond_len", "1.5", "1 to 600"),
    ("gpt_cond_chunk_len", "0", "1 to 30"), ("gpt_cond_chunk_len", "31", "1 to 30"),
    ("gpt_cond_chunk_len", "-4", "1 to 30"), ("gpt_cond_chunk_len", "\"x\"", "1 to 30"),
    ("max_ref_len", "0", "1 to 60"), ("max_ref_len", "61", "1 to 60"),
    ("max_ref_len", "9223372036854775808", "1 to 60"), ("sound_norm_refs", "3", "true or false"),
  ])
  func valuesOutOfRangeNameFieldAndLimit(field: String, value: String, limit: String) throws {
    let json = #"{"speaker_wav_base64":"UklGRg==","\#(field)":\#(value)}"#
    let error = #expect(throws: SpeechError.self) { try VoiceRegistration.decode(Data(json.utf8)) }
    #expect(error?.code == .invalidRequest && error?.field == field)
    #expect(error?.message.contains(field) == true && error?.message.contains(limit) == true)
    let form = #expect(throws: SpeechError.self) {
      try VoiceRegistration.decode(fields: [field: value], files: [Data([1])])
    }
    #expect(form?.field == field && form?.message.contains(limit) == true)
  }

  @Test func latentsAndChangesExcludeRecordings() throws {
    let latents = Data(#"{"gpt_cond_latent":[[1]]}"#.utf8)
    let registration = try VoiceRegistration.decode(
      Data(#"{"display_name":"A","latents_base64":"\#(latents.base64EncodedString())"}"#.utf8))
    #expect(registration.latents == latents && registration.samples.isEmpty)
    // A form's file is recognised by its first bytes.
    let (zip, wave) = (Data([0x50, 0x4B, 3, 4, 0]), Data("RIFF....WAVE".utf8))
    let safetensors = Data([80, 0, 0, 0, 0, 0, 0, 0]) + Data(#"{"a":{}}"#.utf8)
    for file in [latents, zip, safetensors] {
      #expect(try VoiceRegistration.decode(fields: [:], files: [file]).latents == file)
    }
    #expect(try VoiceRegistration.decode(fields: [:], files: [wave]).latents == nil)
    let change = try VoiceRegistration.decode(Data(#"{"voice_id":"a1","gpt_cond_len":3,"display_name":"B"}"#.utf8))
    #expect(change.changedVoiceID == "a1" && change.settings.conditioningSeconds == 3 && change.warnings.count == 1)
    for (body, field) in [
      (#"{"latents_base64":"!!"}"#, "latents_base64"),
      (#"{"latents_base64":"e30=","gpt_cond_len":3}"#, "latents_base64"),
      (#"{"latents_base64":"e30=","speaker_wav_base64":"UklGRg=="}"#, "latents_base64"),
      (#"{"voice_id":"a","speaker_wav_base64":"UklGRg=="}"#, "voice_id"),
      (#"{"voice_id":"a","latents_base64":"e30="}"#, "voice_id"),
      (#"{"display_name":"A"}"#, "speaker_wav_base64"),
    ] {
      let error = #expect(throws: SpeechError.self) { try VoiceRegistration.decode(Data(body.utf8)) }
      #expect(error?.code == .invalidRequest && error?.field == field, "\(body)")
    }
    let large = Data("{".utf8) + Data(repeating: 0x20, count: VoiceConditioning.maximumFileBytes)
    for files in [[large], [zip, latents]] {
      let error = #expect(throws: SpeechError.self) { try VoiceRegistration.decode(fields: [:], files: files) }
      #expect(error?.field == "latents_base64")
    }
  }

  @Test func mixesAreReadWithTheirShares() throws {
    let mix = try #require(try VoiceMix(" Ada : 3 , Demo Alto:1"))
    #expect(mix.parts.map(\.name) == ["Ada", "Demo Alto"] && mix.parts.map(\.share) == [0.75, 0.25])
    for text in ["Ada", "Ada:", "Ada:x,Bo:1", "Ada:1,Bo", ":1,Bo:2", "a:b:1,Bo:1", "Ada:1,", ""] {
      #expect(try VoiceMix(text) == nil, "\(text)")
    }
    for text in [
      "Ada:1", "Ada:0,Bo:1", "Ada:-1,Bo:1", "Ada:nan,Bo:1", "Ada:1,Bo:1001",
      Array(repeating: "A:1", count: 9).joined(separator: ","),
    ] {
      let error = #expect(throws: SpeechError.self) { try VoiceMix(text) }
      #expect(error?.code == .invalidRequest && error?.field == "speaker_id", "\(text)")
    }
  }
}

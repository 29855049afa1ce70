import Foundation
import SpeechCore
import Testing

@testable import XTTSModel

@Suite struct SamplingTests {
  private let infinity = -Float.infinity

  @Test func penaltyPunishesEachUsedCodeOnce() {
    var penalty = RepetitionPenalty(penalty: 2, codeCount: 6, startCode: 4)
    for code in [3, 3, 3, -1, 6, 9] { penalty.insert(code) }
    var scores: [Float] = [1, 1, -1, -1, 4, -4]
    penalty.apply(to: &scores)
    // Code 1 is the placeholder of the prompt, code 4 is the start code.
    #expect(scores == [1, 0.5, -1, -2, 2, -4])
  }

  @Test func temperatureDivides() {
    var scores: [Float] = [1, -2, infinity]
    Temperature(temperature: 0.5).apply(to: &scores)
    #expect(scores == [2, -4, infinity])
  }

  @Test func topKKeepsTies() {
    var scores: [Float] = [1, 5, 3, 3, 0, 3]
    TopK(k: 2).apply(to: &scores)
    #expect(scores == [infinity, 5, 3, 3, infinity, 3])
    var few: [Float] = [1, 2]
    TopK(k: 50).apply(to: &few)
    #expect(few == [1, 2])
  }

  @Test func topKAgreesWithSorting() {
    let generator = Philox(key: 3)
    for round in 0..<50 {
      let original = (0..<200).map { Float(generator.uniform(sequence: UInt64(round), step: UInt64($0))) }
      let k = 1 + round * 3
      var scores = original
      TopK(k: k).apply(to: &scores)
      let kept = scores.filter { $0 > infinity }.sorted(by: >)
      #expect(kept == Array(original.sorted(by: >).prefix(k)))
    }
  }

  @Test func topPKeepsTheNucleus() {
    let probabilities: [Float] = [0.1, 0.5, 0.15, 0.25]
    var scores = probabilities.map { log($0) }
    TopP(p: 0.7).apply(to: &scores)
    #expect(scores.map { $0 > infinity } == [false, true, false, true])
    var narrow = probabilities.map { log($0) }
    TopP(p: 0.01).apply(to: &narrow)
    #expect(narrow.map { $0 > infinity } == [false, true, false, false])
    var all = probabilities.map { log($0) }
    TopP(p: 1).apply(to: &all)
    #expect(all.allSatisfy { $0 > infinity })
    var none = [infinity, infinity]
    TopP(p: 0.5).apply(to: &none)
    #expect(none == [infinity, infinity])
  }

  /// The test vectors of the Random123 library.
  @Test func philoxGivesTheKnownAnswers() {
    let zero = Philox(key: 0).words(at: SIMD4(0, 0, 0, 0))
    #expect(zero == SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    let ones = Philox(key: .max).words(at: SIMD4(repeating: .max))
    #expect(ones == SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
    let pi = Philox(key: 0x299f_31d0_a409_3822).words(
      at: SIMD4(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344))
    #expect(pi == SIMD4(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
  }

  @Test func uniformNumbersAreSpread() {
    let generator = Philox(key: 42)
    let numbers = (0..<10_000).map { generator.uniform(sequence: 1, step: $0) }
    #expect(numbers.allSatisfy { (0..<1).contains($0) })
    #expect(abs(numbers.reduce(0, +) / 10_000 - 0.5) < 0.01)
    #expect(generator.uniform(sequence: 2, step: 0) != numbers[0])
  }

  private static func configuration(codeCount: Int) -> XTTSConfiguration.GPT {
    XTTSConfiguration.GPT(
      layerCount: 1, hiddenSize: 8, headCount: 1, maximumAudioCodes: 10, maximumTextTokens: 10,
      audioCodeCount: codeCount, startCode: codeCount - 2, stopCode: codeCount - 1, codeStride: 1024)
  }

  private func draw(_ sampler: inout CodeSampler, _ logits: [Float]) throws(ModelError) -> Int {
    try logits.withUnsafeBufferPointer { buffer throws(ModelError) in try sampler.next(logits: buffer) }
  }

  @Test func theSameSeedDrawsTheSameCodes() throws {
    let parameters = SamplingParameters(temperature: 1, topK: 20, topP: 0.9, repetitionPenalty: 1.5)
    let generator = Philox(key: 7)
    let rows = (0..<40).map { row in
      (0..<30).map { Float(generator.uniform(sequence: UInt64(row), step: UInt64($0))) * 6 }
    }
    let codes = { (seed: UInt64, sequence: UInt64) throws(ModelError) -> [Int] in
      var sampler = CodeSampler(
        parameters: parameters, seed: seed, sequence: sequence, configuration: Self.configuration(codeCount: 30))
      var codes: [Int] = []
      for row in rows { codes.append(try draw(&sampler, row)) }
      return codes
    }
    #expect(try codes(1, 0) == codes(1, 0))
    #expect(try codes(1, 0) != codes(2, 0))
    #expect(try codes(1, 0) != codes(1, 1))
  }

  @Test func drawsFollowTheDistribution() throws {
    let probabilities: [Float] = [0.5, 0.05, 0.2, 0.25]
    let parameters = SamplingParameters(temperature: 1, topK: 10, topP: 1, repetitionPenalty: 1)
    var sampler = CodeSampler(
      parameters: parameters, seed: 5, configuration: Self.configuration(codeCount: 4))
    var counts = [0, 0, 0, 0]
    let logits = probabilities.map { log($0) }
    for _ in 0..<4000 { counts[try draw(&sampler, logits)] += 1 }
    for (count, probability) in zip(counts, probabilities) {
      #expect(abs(Float(count) / 4000 - probability) < 0.03)
    }
  }

  @Test func greedyTakesTheBestAfterThePenalty() throws {
    var sampler = CodeSampler(
      parameters: SamplingParameters(repetitionPenalty: 5), seed: 0,
      configuration: Self.configuration(codeCount: 6), isGreedy: true, suppressedCode: 5)
    let logits: [Float] = [3, 4, 2, 1, 5, 100]
    // Codes 1 and 4 are penalised from the start, 5 is suppressed, then each drawn code is penalised in turn.
    #expect(try draw(&sampler, logits) == 0)
    #expect(try draw(&sampler, logits) == 2)
    #expect(try draw(&sampler, logits) == 3)
  }

  @Test func refusesWhatIsNoRowOfLogits() {
    var sampler = CodeSampler(
      parameters: SamplingParameters(), seed: 0, configuration: Self.configuration(codeCount: 4))
    #expect(throws: ModelError.self) { try draw(&sampler, [1, 2, 3]) }
    #expect(throws: ModelError.self) { try draw(&sampler, [1, 2, 3, .nan]) }
    #expect(throws: ModelError.self) { try draw(&sampler, [1, 2, 3, .infinity]) }
  }

  @Test func aLogitThatIsNotANumberIsAnError() {
    let sampler = CodeSampler(
      parameters: SamplingParameters(), seed: 1, configuration: Self.configuration(codeCount: 30))
    for value: Float in [.nan, .infinity] {
      var logits = [Float](repeating: 0, count: 30)
      logits[7] = value
      let drawn = logits.withUnsafeBufferPointer { sampler.draw(logits: $0) }
      #expect(throws: ModelError.self) { try drawn.get() }
    }
  }
}

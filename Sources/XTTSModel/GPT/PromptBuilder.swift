/// Builds the GPT's input before the first audio code: the voice's latents, then the text between its start and stop
/// tokens. Each token's embedding is added to that of its position (upstream `GPT.compute_embeddings`).
public struct PromptBuilder: Sendable {
  /// The width of a row.
  public let hiddenSize: Int
  /// The largest number of text tokens of one segment, start and stop tokens not counted.
  public let maximumTextTokens: Int
  /// The number of rows of a voice's latents: 32 in the published model.
  public let latentCount: Int
  private let embedding: EmbeddingTable
  private let positions: EmbeddingTable
  private let startToken: Int
  private let stopToken: Int

  /// The number of rows of the longest prompt.
  public var maximumRowCount: Int { latentCount + maximumTextTokens + 2 }

  /// - Parameters:
  ///   - startToken: `[START]` of the vocabulary.
  ///   - stopToken: `[STOP]` of the vocabulary.
  init(_ weights: GPTWeights, latentCount: Int, startToken: Int, stopToken: Int) throws(ModelError) {
    embedding = try EmbeddingTable(weights.textEmbedding)
    positions = try EmbeddingTable(weights.textPositions)
    hiddenSize = weights.hiddenSize
    maximumTextTokens = weights.textPositionCount - 2
    self.latentCount = latentCount
    self.startToken = startToken
    self.stopToken = stopToken
    for (name, token) in [("[START]", startToken), ("[STOP]", stopToken)] where token >= embedding.rowCount {
      throw ModelError(
        .inconsistent, "vocab.json: token \(name) is \(token), but the model has \(embedding.rowCount) text tokens")
    }
  }

  /// - Parameters:
  ///   - latents: the voice's GPT latents, `[latentCount, hiddenSize]` row-major.
  ///   - textTokens: the segment's tokens without start and stop tokens.
  /// - Throws: ``ModelError`` `invalidArgument` for latents of another size, too many tokens or an unknown one.
  public func prompt(latents: [Float], textTokens: [Int]) throws(ModelError) -> PromptEmbeddings {
    guard latents.count == latentCount * hiddenSize else {
      throw ModelError(
        .invalidArgument,
        "the voice has \(latents.count) latent values, the model takes \(latentCount) × \(hiddenSize)")
    }
    guard textTokens.count <= maximumTextTokens else {
      throw ModelError(
        .invalidArgument, "\(textTokens.count) text tokens in one segment, at most \(maximumTextTokens) are allowed")
    }
    let tokens = [startToken] + textTokens + [stopToken]
    if let unknown = tokens.first(where: { $0 < 0 || $0 >= embedding.rowCount }) {
      throw ModelError(.invalidArgument, "text token \(unknown) is outside the model's \(embedding.rowCount) tokens")
    }
    var values = latents
    values.append(contentsOf: repeatElement(0, count: tokens.count * hiddenSize))
    values.withUnsafeMutableBufferPointer { values in
      for (position, token) in tokens.enumerated() {
        let start = (latentCount + position) * hiddenSize
        let row = UnsafeMutableBufferPointer(rebasing: values[start..<(start + hiddenSize)])
        embedding.add(row: token, to: row)
        positions.add(row: position, to: row)
      }
    }
    return PromptEmbeddings(values: values, rowCount: latentCount + tokens.count)
  }
}

import Foundation
import SpeechCore

/// The reasons for which an entry of the voice log is not applied.
public enum VoiceLogRefusal: Sendable, Equatable, CustomStringConvertible {
  /// It has no signature.
  case unsigned
  /// The signature is of other data.
  case forged
  /// It is signed with a key that this replica does not have.
  case otherKey(String)
  /// It has a valid signature, but was not published by a replica: a copy.
  case copied
  /// The body can't be read, or a value is out of bounds.
  case content

  /// The reason as a label of the metric.
  public var label: String {
    switch self {
    case .unsigned: "unsigned"
    case .forged: "signature"
    case .otherKey: "other_key"
    case .copied: "copied"
    case .content: "content"
    }
  }

  public var description: String {
    switch self {
    case .unsigned: "it has no signature"
    case .forged: "its signature is not valid"
    case .otherKey(let id): "it is signed with key \(id), which this replica does not have"
    case .copied: "it was published by a client"
    case .content: "it can't be read, or a value is out of bounds"
    }
  }
}

/// The check of an entry of the voice log.
enum VoiceLogVerdict: Sendable, Equatable {
  case accepted(VoiceChange, isSigned: Bool)
  case refused(VoiceLogRefusal)

  /// - Parameter acceptsUnsigned: whether entries of version 0.1 are applied.
  init(_ entry: LogEntry, _ keys: KeyRing, acceptsUnsigned: Bool) {
    let isSigned = entry.signature != nil
    guard isSigned || acceptsUnsigned else {
      self = .refused(.unsigned)
      return
    }
    if isSigned {
      switch keys.check(entry.signature, of: entry.body, as: .voiceLog) {
      case .valid where entry.isFromReplicas: break
      case .valid: self = .refused(.copied); return
      case .forged: self = .refused(.forged); return
      case .otherKey(let id): self = .refused(.otherKey(id)); return
      }
    }
    guard let change = VoiceChange.decoded(entry.body) else {
      self = .refused(.content)
      return
    }
    // Version 0.1 has no lexicons.
    self = isSigned || change.kind != .lexicon ? .accepted(change, isSigned: isSigned) : .refused(.unsigned)
  }
}

extension AuditRecord {
  /// The record of a change that another replica made.
  init(_ change: VoiceChange, isSigned: Bool) {
    let lexicon = change.lexicon
    let action: Action =
      if let lexicon {
        lexicon.lexicon == nil ? .deleteLexicon : .putLexicon
      } else {
        change.kind == .deleted ? .deleteVoice : .registerVoice
      }
    self.init(
      action: action, requestID: RequestContext.makeRequestID(), transport: "voice_log", receivedAt: Date())
    settings = ["origin": String(change.origin.prefix(64)), "signed": String(isSigned)]
    if let lexicon {
      settings["lexicon_version"] = "\(lexicon.id)@\(lexicon.version)"
      return
    }
    voiceID = change.voice.voiceID
    voiceVersion = change.voice.version
    language = change.voice.language
  }
}

import SpeechCore
import XTTSText

/// A part of a script: text of one style that is read in one go, with its marks, or what is between such texts.
enum ScriptGroup {
  /// A mark's place is in scalars of the run's written text.
  case run(SpeechRun, SpeechScript.Style, marks: [(name: String, place: Int)])
  case pause(Double)
  case mark(String)
  case end(isParagraph: Bool)

  static func groups(of script: SpeechScript) -> [ScriptGroup] {
    var groups: [ScriptGroup] = []
    var (run, marks, length) = (SpeechRun([]), [(name: String, place: Int)](), 0)
    var style = SpeechScript.Style()
    func close() {
      groups += run.pieces.isEmpty ? marks.map { .mark($0.name) } : [.run(run, style, marks: marks)]
      (run, marks, length) = (SpeechRun([]), [], 0)
    }
    for span in script.spans {
      switch span {
      case .text(let text, let reading, let next):
        if !run.pieces.isEmpty, next != style { close() }
        style = next
        run.pieces.append((text, reading))
        length += text.unicodeScalars.count
      case .mark(let name): marks.append((name, length))
      case .pause(let seconds):
        close()
        groups.append(.pause(seconds))
      case .end(let isParagraph):
        close()
        groups.append(.end(isParagraph: isParagraph))
      }
    }
    close()
    return groups
  }
}

/// Collects the segments of a job, and assigns silence and marks to them.
struct SegmentPlan {
  let sampleRate: Int
  private(set) var segments: [PreparedSegment] = []
  /// Silence and marks before the first segment.
  private var leading = PreparedSegment()
  /// The silence of a sentence's end, once another sentence follows.
  private var pending = 0.0

  init(sampleRate: Int) { self.sampleRate = sampleRate }

  var silenceSeconds: Double {
    Double(segments.reduce(0) { $0 + $1.silenceBefore + $1.silenceAfter }) / Double(sampleRate)
  }

  mutating func add(silence seconds: Double) {
    let samples = Int((seconds * Double(sampleRate)).rounded())
    if let last = segments.indices.last {
      segments[last].silenceAfter += samples
    } else {
      leading.silenceBefore += samples
    }
  }

  mutating func add(mark name: String) {
    if let last = segments.indices.last {
      segments[last].marks.append(.init(name: name, place: .after(segments[last].silenceAfter)))
    } else {
      leading.marks.append(.init(name: name, place: .before(leading.silenceBefore)))
    }
  }

  mutating func end(_ seconds: Double) { pending = max(pending, seconds) }

  /// Adds the segments of a run; nil for a piece with nothing to say, whose text is added to the segment before it.
  mutating func add(
    _ run: [(piece: TextSegment, segment: PreparedSegment?)], marks: [(name: String, place: Int)],
    pauses: SentencePauses
  ) {
    var marks = marks[...]
    for (piece, segment) in run {
      if var segment {
        if !segments.isEmpty { add(silence: pending) }
        pending = 0
        if segments.isEmpty { (segment.silenceBefore, segment.marks) = (leading.silenceBefore, leading.marks) }
        while let mark = marks.first, mark.place < piece.range.upperBound {
          marks.removeFirst()
          let share = Double(mark.place - piece.range.lowerBound) / Double(max(1, piece.range.count))
          segment.marks.append(.init(name: mark.name, place: .speech(min(1, max(0, share)))))
        }
        segments.append(segment)
      } else if let last = segments.indices.last, !piece.text.isEmpty {
        segments[last].text += " " + piece.text
      }
      switch piece.boundary {
      case .sentence?: end(pauses.sentence)
      case .paragraph?: end(max(pauses.paragraph, pauses.sentence))
      case nil: break
      }
    }
    // Marks at the end of the run, or of a run with nothing to say.
    let hasSpeech = run.contains { $0.segment != nil }
    for mark in marks {
      if hasSpeech, let last = segments.indices.last {
        segments[last].marks.append(.init(name: mark.name, place: .speech(1)))
      } else {
        add(mark: mark.name)
      }
    }
  }
}

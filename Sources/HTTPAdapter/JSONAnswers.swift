import Foundation
import Hummingbird
import NIOCore
import NIOFoundationCompat
import SpeechCore

extension Response {
  /// A JSON answer; a value that can't be encoded is a 500.
  static func json(
    _ value: some Encodable, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
  ) -> Response {
    guard let data = try? WireJSON.encode(value) else { return Response(status: .internalServerError) }
    return bytes(data, mediaType: "application/json", status: status, headers: headers)
  }

  static func bytes(
    _ data: Data, mediaType: String, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
  ) -> Response {
    var headers = headers
    headers[.contentType] = mediaType
    headers[.contentLength] = String(data.count)
    return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(data: data)))
  }
}

/// One file of the page, compiled into the program.
struct PageFile: Sendable {
  /// The path under which it is served: `/`, `/docs` or `/page/<name>`.
  let path: String
  let mediaType: String
  let bytes: [UInt8]
}

/// The files of the web pages. They are embedded, so that the executable needs no further files.
enum SpeechPage {
  static let files: [PageFile] = [
    PageFile(path: "/", mediaType: html, bytes: PackageResources.index_html),
    PageFile(path: "/docs", mediaType: html, bytes: PackageResources.docs_html),
    PageFile(path: "/page/icon.svg", mediaType: "image/svg+xml", bytes: PackageResources.icon_svg),
    PageFile(path: "/page/style.css", mediaType: css, bytes: PackageResources.style_css),
    PageFile(path: "/page/layout.css", mediaType: css, bytes: PackageResources.layout_css),
    PageFile(path: "/page/docs.css", mediaType: css, bytes: PackageResources.docs_css),
    script("main", PackageResources.main_js),
    script("api", PackageResources.api_js),
    script("player", PackageResources.player_js),
    script("transport", PackageResources.transport_js),
    script("spectrum", PackageResources.spectrum_js),
    script("pictures", PackageResources.pictures_js),
    script("voices", PackageResources.voices_js),
    script("newvoice", PackageResources.newvoice_js),
    script("confirm", PackageResources.confirm_js),
    script("lexicons", PackageResources.lexicons_js),
    script("recorder", PackageResources.recorder_js),
    script("composer", PackageResources.composer_js),
    script("takes", PackageResources.takes_js),
    script("snippet", PackageResources.snippet_js),
    script("examples", PackageResources.examples_js),
    script("files", PackageResources.files_js),
    script("format", PackageResources.format_js),
    script("lists", PackageResources.lists_js),
    script("preview", PackageResources.preview_js),
    script("metrics", PackageResources.metrics_js),
    script("dashboard", PackageResources.dashboard_js),
    script("operations", PackageResources.operations_js),
    script("docs", PackageResources.docs_js),
    script("schema", PackageResources.schema_js),
  ]

  private static let html = "text/html; charset=utf-8"
  private static let css = "text/css; charset=utf-8"

  private static func script(_ name: String, _ bytes: [UInt8]) -> PageFile {
    PageFile(path: "/page/\(name).js", mediaType: "text/javascript; charset=utf-8", bytes: bytes)
  }
}

// The request of the form as a program. No side effects.

/** Fields that only matter while the page plays. */
const pageOnly = new Set(["stream"]);

/**
 * @param {"curl" | "node" | "python"} language
 * @param {{url: string, request: object, file: string, needsToken: boolean}} call `request` as the page sends it
 * @returns {string} a program that writes the audio to `file`
 */
export function snippet(language, { url, request, file, needsToken }) {
  const fields = Object.fromEntries(Object.entries(request).filter(([name]) => !pageOnly.has(name)));
  const json = JSON.stringify({ ...fields, stream: true }, null, 2);
  return { curl, node, python }[language](`${url}api/v1/tts/synthesize`, json, file, needsToken);
}

const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

const curl = (url, json, file, needsToken) => [
  `curl -fsS ${quoted(url)} -o ${quoted(file)} \\`,
  `  -H 'Content-Type: application/json' \\`,
  ...(needsToken ? [`  -H "Authorization: Bearer $SPEECHBUS_HTTP_TOKEN" \\`] : []),
  `  -d ${quoted(json)}`,
].join("\n");

const node = (url, json, file, needsToken) => [
  `import { writeFile } from "node:fs/promises";`,
  ``,
  `const response = await fetch(${JSON.stringify(url)}, {`,
  `  method: "POST",`,
  `  headers: {`,
  `    "Content-Type": "application/json",`,
  ...(needsToken ? ["    Authorization: `Bearer ${process.env.SPEECHBUS_HTTP_TOKEN}`,"] : []),
  `  },`,
  `  body: JSON.stringify(${json.replaceAll("\n", "\n  ")}),`,
  `});`,
  `if (!response.ok) throw new Error(await response.text());`,
  `await writeFile(${JSON.stringify(file)}, new Uint8Array(await response.arrayBuffer()));`,
].join("\n");

const python = (url, json, file, needsToken) => [
  ...(needsToken ? ["import os"] : []),
  `import urllib.request`,
  ``,
  `body = r"""${json}"""`,
  `request = urllib.request.Request(`,
  `    ${JSON.stringify(url)},`,
  `    data=body.encode(),`,
  `    headers={`,
  `        "Content-Type": "application/json",`,
  ...(needsToken ? [`        "Authorization": f"Bearer {os.environ['SPEECHBUS_HTTP_TOKEN']}",`] : []),
  `    },`,
  `)`,
  `with urllib.request.urlopen(request) as response, open(${JSON.stringify(file)}, "wb") as audio:`,
  `    audio.write(response.read())`,
].join("\n");

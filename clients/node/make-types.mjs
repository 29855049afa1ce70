// Writes messages.d.ts from the JSON Schemas: node make-types.mjs [--check]
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const schemas = fileURLToPath(new URL("../../schemas/", import.meta.url));
const output = fileURLToPath(new URL("messages.d.ts", import.meta.url));

/**
 * A schema as a TypeScript type. Supports the keywords of our schemas, and throws for any other. Integers of 64 bits are
 * BigInt in replies, and may be either in requests.
 */
export function typeOf(schema, indent = "", isReply = false) {
  if ("const" in schema) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const types = [schema.type].flat();
  return types.map((type) => {
    switch (type) {
      case "string": case "boolean": case "null": return type;
      case "integer": return schema.maximum > Number.MAX_SAFE_INTEGER ? (isReply ? "bigint" : "number | bigint") : "number";
      case "number": return "number";
      case "array": return `${grouped(typeOf(schema.items, indent, isReply))}[]`;
      case "object": return objectType(schema, indent, isReply);
      default: throw new Error(`no type for ${JSON.stringify(schema)}`);
    }
  }).join(" | ");
}

const grouped = (type) => (type.includes(" | ") && !type.startsWith("{") ? `(${type})` : type);

function objectType(schema, indent, isReply) {
  const required = new Set(schema.required ?? []);
  const inner = `${indent}  `;
  const members = Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const comment = property.description ? `${inner}/** ${property.description} */\n` : "";
    return `${comment}${inner}${name}${required.has(name) ? "" : "?"}: ${typeOf(property, inner, isReply)};\n`;
  });
  if (schema.additionalProperties) return `Record<string, ${typeOf(schema.additionalProperties, inner, isReply)}>`;
  return members.length ? `{\n${members.join("")}${indent}}` : "Record<string, never>";
}

export function allTypes() {
  const files = readdirSync(schemas).filter((name) => name.endsWith(".schema.json")).sort();
  const declarations = files.map((file) => {
    const schema = JSON.parse(readFileSync(schemas + file, "utf8"));
    const name = file.replace(".schema.json", "").split("-").map((word) => word[0].toUpperCase() + word.slice(1)).join("");
    const comment = [schema.title, schema.description].filter(Boolean).join(". ");
    return `/** ${comment} */\nexport type ${name} = ${typeOf(schema, "", file.includes("-reply"))};\n`;
  });
  return `// Generated from schemas/ by make-types.mjs; do not edit.\n\n${declarations.join("\n")}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes("--check")) {
    if (readFileSync(output, "utf8") !== allTypes()) {
      console.error("messages.d.ts does not match schemas/: run node make-types.mjs");
      process.exit(1);
    }
  } else {
    writeFileSync(output, allTypes());
  }
}

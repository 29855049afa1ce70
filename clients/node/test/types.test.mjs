import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { allTypes, typeOf } from "../make-types.mjs";

test("messages.d.ts is what the schemas say", () => {
  assert.equal(readFileSync(new URL("../messages.d.ts", import.meta.url), "utf8"), allTypes());
});

test("schemas become types", () => {
  const schema = {
    type: "object", required: ["kind"],
    properties: { kind: { const: "a" }, size: { type: ["integer", "null"] }, many: { type: "array", items: { enum: ["x", null] } } },
  };
  assert.equal(typeOf(schema), '{\n  kind: "a";\n  size?: number | null;\n  many?: ("x" | null)[];\n}');
  assert.throws(() => typeOf({ type: "mystery" }), /no type/);
});

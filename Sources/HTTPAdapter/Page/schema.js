// JSON Schema in words. No side effects.

const resolved = (schema, document) => {
  const name = schema?.$ref?.replace("#/components/schemas/", "");
  return name ? document.components.schemas[name] ?? {} : schema ?? {};
};

/** The values that a schema allows, in a few words. */
export function describe(schema, document) {
  const { type, enum: values, items, minimum, maximum, minLength, maxLength, default: usual, oneOf, contentEncoding } = resolved(schema, document);
  if (oneOf) return oneOf.map((option) => describe(option, document)).join(" or ");
  const types = [type].flat().filter((name) => name && name !== "null");
  let words = types.join(" or ") || "any value";
  // An empty string counts as absent.
  if (types.length === 2 && types.includes("string") && maxLength === 0) words = types.find((name) => name !== "string");
  if (values) words = values.filter((value) => value !== null && value !== "").map(String).join(", ");
  else if (items) words = `list of ${describe(items, document)}`;
  if (contentEncoding) words += ` in ${contentEncoding}`;
  if (minimum !== undefined || maximum !== undefined) words += `, ${minimum ?? "any"} to ${maximum ?? "any"}`;
  if (types.includes("string") && maxLength) words += `, ${minLength ?? 0} to ${maxLength} characters`;
  if (usual !== undefined) words += `, default ${usual}`;
  return words;
}

/**
 * The fields of an object, with those of nested objects as `outer.inner` and of lists as `outer[].inner`.
 * @returns {{name: string, isRequired: boolean, value: string, meaning: string}[]} empty for other schemas
 */
export function members(schema, document, prefix = "", depth = 0) {
  const { properties = {}, required = [] } = resolved(schema, document);
  return Object.entries(properties).flatMap(([name, property]) => {
    const field = resolved(property, document);
    const row = {
      name: prefix + name, isRequired: required.includes(name), value: describe(property, document), meaning: field.description ?? "",
    };
    if (depth === 2) return [row];
    const inner = field.items ? members(field.items, document, `${row.name}[].`, depth + 1) : members(property, document, `${row.name}.`, depth + 1);
    return [row, ...inner];
  });
}

// Shows openapi.json for people.
import { describe, members } from "./schema.js";

const element = (id) => document.getElementById(id);

function made(name, text = "", ...children) {
  const node = document.createElement(name);
  node.textContent = text;
  node.append(...children);
  return node;
}

function table(titles, rows) {
  const head = made("tr", "", ...titles.map((title) => Object.assign(made("th", title), { scope: "col" })));
  return made("table", "", made("thead", "", head), made("tbody", "", ...rows.map((cells) =>
    made("tr", "", ...cells.map((cell, index) => made("td", "", index === 0 ? made("code", cell) : cell))))));
}

function operation(document, path, method, { summary, operationId, parameters = [], requestBody, responses, security }) {
  const title = made("summary", "", Object.assign(made("span", method.toUpperCase()), { className: "method" }),
    made("code", path), made("span", summary));
  const body = made("div");
  if (security) body.append(made("p", "Needs a bearer token: Authorization: Bearer TOKEN."));
  if (parameters.length) {
    body.append(made("h4", "Parameters"), table(["name", "in", "value", "meaning"], parameters.map((parameter) =>
      [parameter.name, parameter.in + (parameter.required ? ", required" : ""), describe(parameter.schema, document), parameter.description])));
  }
  for (const [type, { schema }] of Object.entries(requestBody?.content ?? {})) {
    body.append(made("h4", `Body: ${type}`), fields(schema, document));
  }
  body.append(made("h4", "Answers"));
  for (const [status, { description, content = {} }] of Object.entries(responses)) {
    body.append(made("p", "", made("code", status), ` ${description} ${Object.keys(content).join(", ")}`));
    const schema = content["application/json"]?.schema;
    if (schema && status < 300) body.append(fields(schema, document));
  }
  const panel = made("details", "", title, body);
  panel.className = "card operation";
  panel.id = operationId;
  return panel;
}

function fields(schema, document) {
  const rows = members(schema, document);
  if (!rows.length) return made("p", describe(schema, document));
  return table(["field", "value", "meaning"], rows.map(({ name, isRequired, value, meaning }) =>
    [name, value + (isRequired ? ", required" : ""), meaning]));
}

async function show() {
  const response = await fetch("openapi.json");
  if (!response.ok) throw new Error(`The service answered ${response.status}.`);
  const document = await response.json();
  element("title").textContent = `HTTP interface of ${document.info.title} ${document.info.version}`;
  element("summary").textContent = document.info.description;
  const all = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, description]) => ({ path, method, description })));
  for (const { name, description } of document.tags) {
    const group = all.filter(({ description }) => description.tags.includes(name));
    const title = Object.assign(made("h3", name), { id: `group-${name}` });
    element("operations").append(made("section", "", title, made("p", description),
      ...group.map(({ path, method, description }) => operation(document, path, method, description))));
    element("contents").append(Object.assign(made("a", name), { href: `#group-${name}` }));
  }
  const named = location.hash && element(location.hash.slice(1));
  if (named) {
    named.open = true;
    named.scrollIntoView();
  }
}

show().catch((error) => { element("problem").textContent = error.message; });

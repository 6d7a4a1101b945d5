// The words of the islands. A message is named by its English text; the page carries the translations as JSON (`#catalogue`).
//
// Messages are whole sentences with {slots}: never glue words together, word order differs by language.

const catalogue = readCatalogue();

export const locale = document.documentElement.lang || "zh-CN";

/** The message in the page's language; `{name}` becomes slots.name, as text. */
export function t(message, slots = {}) {
  const text = catalogue[message] || message;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in slots ? String(slots[name]) : whole));
}

function readCatalogue() {
  const element = document.getElementById("catalogue");
  return element ? JSON.parse(element.textContent) : {};
}

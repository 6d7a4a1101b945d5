// Brings every `<div data-island="NAME">` of the page to life: loads ./NAME.js and hands it the element and the JSON beside it.
//
// It is the only script that a page names; what an island needs travels as data, so the content policy can forbid inline scripts.

const NAME = /^[a-z][a-z0-9_-]*$/;

for (const element of document.querySelectorAll("[data-island]")) start(element);

async function start(element) {
  const name = element.dataset.island;
  if (!NAME.test(name)) throw new Error(`not the name of an island: ${name}`);
  const island = await import(`./${name}.js`);
  island.mount(element, readProps(element));
  element.dataset.ready = "";
}

function readProps(element) {
  const beside = element.nextElementSibling;
  return beside?.matches('script[type="application/json"]') ? JSON.parse(beside.textContent) : {};
}

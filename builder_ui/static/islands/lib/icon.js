// One icon of the sprite. It always stands beside a word or in a control that has a name, so it has none itself.

import { html } from "../../vendor/preact.js";

const sprite = new URL("../../icons/lucide.svg", import.meta.url).pathname;

export function icon(name) {
  return html`<svg class="icon" aria-hidden="true"><use href=${`${sprite}#${name}`} /></svg>`;
}

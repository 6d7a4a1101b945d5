// One card. It is drawn again only when its own data changes: a board has a thousand of them.
//
// The whole card is one link (Enter and middle click work as everywhere); beside it one button opens the move menu.

import { Component, createRef, html } from "../../vendor/preact.js";
import { path } from "../lib/api.js";
import { icon } from "../lib/icon.js";
import { t } from "../lib/i18n.js";
import { Waiting } from "./waiting.js";

const FLASH = { duration: 1600, easing: "ease-out" };
const RECENT = 3_000; // milliseconds

export class Card extends Component {
  item = createRef();

  shouldComponentUpdate(next) {
    return ["card", "layout", "limit", "final"].some((name) => next[name] !== this.props[name]);
  }

  componentDidMount() {
    this.flash();
  }

  componentDidUpdate() {
    this.flash();
  }

  flash() {
    const { store, card } = this.props;
    if (Date.now() - (store.changed.get(card.id) ?? 0) > RECENT) return;
    store.changed.delete(card.id);
    this.item.current.animate?.([{ boxShadow: "0 0 0 3px var(--accent)", backgroundColor: "var(--accent-soft)" }, {}], FLASH);
  }

  // Title line and small line; how long it waits ends the last of them.
  rest() {
    const { store, layout, card, limit, final } = this.props;
    const texts = layout.small.map((field) => layout.textOf(card, field)).filter(Boolean);
    const always = layout.waiting && texts.length < 2;
    const waiting = !final && html`<${Waiting} store=${store} since=${card.since} limit=${limit} always=${always} />`;
    if (!texts.length) return html`<${Main} layout=${layout} card=${card} end=${waiting} />`;
    return html`<${Main} layout=${layout} card=${card} /><${Small} texts=${texts} end=${waiting} />`;
  }

  render({ store, layout, card }) {
    const reach = store.active === card.id ? 0 : -1;
    return html`
      <li class=${card.going ? "kb-card going" : "kb-card"} data-card=${card.id} ref=${this.item}>
        <a class="kb-body" href=${recordPath(store, card.id)} tabindex=${reach} draggable=${false} aria-keyshortcuts="m" aria-busy=${card.going ? "true" : null}>
          <div class="kb-line">
            <span class="kb-number">${layout.text(card, "number")}</span>
            ${layout.text(card, "amount") && html`<strong class="kb-amount">${layout.text(card, "amount")}</strong>`}
          </div>
          ${this.rest()}
          ${card.flags?.map((flag) => html`<div class="kb-flag">${icon("alert-triangle")}<span>${flag.message ?? flag}</span></div>`)}
        </a>
        <button type="button" class="kb-more" tabindex=${reach} aria-haspopup="menu" title=${t("Move (M)")} aria-label=${t("Move {name}", { name: layout.text(card, "number") })}>${icon("more")}</button>
      </li>
    `;
  }
}

export function recordPath(store, id) {
  const board = store.server.peek();
  return `/a${path(board.app)}/t${path(board.table, id)}`;
}

function Main({ layout, card, end }) {
  const title = layout.text(card, "title");
  const chips = layout.chips.filter((field) => card.values[field.name] === true);
  if (!title && !chips.length && !end) return null;
  return html`
    <div class="kb-line kb-main">
      <span class="kb-title">${title}</span>
      ${chips.map((field) => html`<span class="kb-chip">${field.title}</span>`)}
      ${end}
    </div>
  `;
}

function Small({ texts, end }) {
  const last = texts.length > 2 ? texts.at(-1) : "";
  const first = last ? texts.slice(0, -1) : texts;
  return html`
    <div class="kb-line kb-small">
      <span class="kb-left">${first.map((text) => html`<span>${text}</span> `)}</span>
      <span class="kb-last">${last}</span>
      ${end}
    </div>
  `;
}

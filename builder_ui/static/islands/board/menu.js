// The menu of a card: every step that leaves its state, those that are closed with the reason, and the way to the record.

import { Component, createRef, html } from "../../vendor/preact.js";
import { icon } from "../lib/icon.js";
import { t } from "../lib/i18n.js";
import { recordPath } from "./card.js";
import { focusCard, move } from "./moves.js";
import { canReturn, find, nameOf, titleOf } from "./state.js";

const MARGIN = 8; // pixels kept free around the menu

/** Shown while store.menu holds {id, anchor}; closes when its card is gone. */
export function MoveMenu({ store }) {
  const open = store.menu.value;
  const place = open && store.index.value.get(open.id);
  if (!place) return null;
  return html`<${Menu} key=${open.id} store=${store} anchor=${open.anchor} card=${place.card} state=${place.column.state} />`;
}

class Menu extends Component {
  element = createRef();

  componentDidMount() {
    this.place();
    this.items()[0]?.focus();
    document.addEventListener("pointerdown", this.onOutside, true);
    window.addEventListener("resize", this.close);
  }

  componentWillUnmount() {
    document.removeEventListener("pointerdown", this.onOutside, true);
    window.removeEventListener("resize", this.close);
  }

  place() {
    const menu = this.element.current;
    const at = this.props.anchor.getBoundingClientRect();
    const left = Math.min(Math.max(MARGIN, at.right - menu.offsetWidth), window.innerWidth - menu.offsetWidth - MARGIN);
    const below = at.bottom + 4;
    const top = below + menu.offsetHeight + MARGIN > window.innerHeight ? Math.max(MARGIN, at.top - menu.offsetHeight - 4) : below;
    menu.style.setProperty("--left", `${left}px`);
    menu.style.setProperty("--top", `${top}px`);
  }

  items() {
    return [...this.element.current.querySelectorAll('[role="menuitem"]')];
  }

  close = () => {
    this.props.store.menu.value = null;
  };

  leave = () => {
    const { card } = this.props;
    this.close();
    focusCard(card.id);
  };

  onOutside = (event) => {
    if (!this.element.current.contains(event.target)) this.close();
  };

  onKeyDown = (event) => {
    const items = this.items();
    const at = items.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (to !== undefined) items.at(to % items.length)?.focus();
    else if (event.key === "Escape" || event.key === "Tab") this.leave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  choose(step) {
    if (!step.allowed) return;
    const { store, card } = this.props;
    this.leave();
    move(store, card, step, { by: "menu" });
  }

  render({ store, card, state }) {
    const name = nameOf(store, card);
    return html`
      <div class="menu-shade" aria-hidden="true"></div>
      <div class="menu" role="menu" aria-label=${t("Move {name}", { name })} ref=${this.element} onKeyDown=${this.onKeyDown}>
        <div class="menu-title" aria-hidden="true">${name} · ${titleOf(store, state)}</div>
        ${card.moves.map((step) => html`<${Step} key=${step.name} store=${store} state=${state} step=${step} onChoose=${() => this.choose(step)} />`)}
        ${!card.moves.length && html`<div class="menu-note">${card.going ? t("On its way …") : t("No step leads on from here.")}</div>`}
        <a class="menu-item apart" role="menuitem" tabindex="-1" href=${recordPath(store, card.id)}>${icon("external-link")}<span>${t("Open")}</span><kbd aria-hidden="true">Enter</kbd></a>
      </div>
    `;
  }
}

function Step({ store, state, step, onChoose }) {
  const note = step.allowed ? (canReturn(store, state, step.to) ? "" : t("There is no step back from here")) : step.reason;
  return html`
    <button type="button" class="menu-item" role="menuitem" tabindex="-1" data-step=${step.name} aria-disabled=${step.allowed ? null : "true"} onClick=${onChoose}>
      ${icon(step.allowed ? "arrow-right" : "lock")}
      <span>${step.title}<span class="menu-to"> → ${titleOf(store, step.to)}</span>${note && html`<small>${note}</small>`}</span>
    </button>
  `;
}

/** Closes a menu whose card is gone. */
export function closeOrphan(store) {
  const open = store.menu.peek();
  if (open && !find(store, open.id)) store.menu.value = null;
}

// One column: its head (dot, title, count, late mark, sum), its cards, and what it says of a card that is held over the board.

import { Component, createRef, html } from "../../vendor/preact.js";
import { moneyShort } from "../lib/format.js";
import { icon } from "../lib/icon.js";
import { t } from "../lib/i18n.js";
import { Card } from "./card.js";
import { countLate } from "./waiting.js";

export class Column extends Component {
  element = createRef();

  shouldComponentUpdate(next) {
    return ["column", "colour", "narrow", "limit"].some((name) => next[name] !== this.props[name]);
  }

  componentDidMount() {
    this.props.registry.add(this.element.current, this.props.column.state);
  }

  componentWillUnmount() {
    this.props.registry.remove(this.element.current);
  }

  render({ store, column, colour, narrow, limit, onNarrow }) {
    const heading = `kb-head-${column.state}`;
    return html`
      <section class=${`kb-column${narrow ? " narrow" : ""}`} data-column=${column.state} aria-labelledby=${heading} ref=${this.element}>
        <header class="kb-head">
          <i class=${`kb-dot ${colour}`} aria-hidden="true"></i>
          <h2 id=${heading}><span class="kb-name">${column.title}</span> <span class="kb-count">${column.count}</span></h2>
          <${Late} store=${store} column=${column} limit=${limit} />
          ${column.sum !== null && column.sum !== undefined && html`<span class="kb-sum">${moneyShort(column.sum, column.sum_currency)}</span>`}
          ${column.final && html`<${Fold} column=${column} narrow=${narrow} onNarrow=${onNarrow} />`}
        </header>
        <${Offer} store=${store} column=${column} />
        ${narrow ? null : html`<${Cards} store=${store} column=${column} limit=${limit} />`}
      </section>
    `;
  }
}

function Fold({ column, narrow, onNarrow }) {
  const label = narrow ? t("Show {column}", { column: column.title }) : t("Fold {column}", { column: column.title });
  return html`<button type="button" class="kb-fold" aria-expanded=${narrow ? "false" : "true"} aria-label=${label} title=${label} onClick=${() => onNarrow(column.state)}>
    ${icon(narrow ? "chevron-right" : "chevron-left")}
  </button>`;
}

function Late({ store, column, limit }) {
  const late = countLate(column.cards, limit, store.now.value);
  if (!late) return null;
  return html`<span class="kb-late">${t("{n} late", { n: column.more ? `${late}+` : late })}</span>`;
}

// What would happen if the card in hand were dropped here; it lies over the cards, so that nothing jumps.
function Offer({ store, column }) {
  const drag = store.drag.value;
  if (!drag) return null;
  if (drag.from === column.state) return html`<div class="kb-offer home" data-offer="home"></div>`;
  const { moves, reason } = drag.offers[column.state];
  const over = store.over.value === column.state;
  if (!moves.length) return html`<div class=${over ? "kb-offer no over" : "kb-offer no"} data-offer="no"><p>${icon("lock")}<span>${reason}</span></p></div>`;
  const text = moves.length > 1 ? t("Drop to choose") : moves[0].title;
  return html`<div class=${over ? "kb-offer yes over" : "kb-offer yes"} data-offer="yes">
    <p>${icon("check")}<span>${text}${!drag.returns[column.state] && html`<small>${t("There is no step back from here")}</small>`}</span></p>
  </div>`;
}

function Cards({ store, column, limit }) {
  if (!column.cards.length) return html`<${Empty} store=${store} column=${column} />`;
  const layout = store.layout.value;
  return html`
    <div class="kb-scroll">
      <ol class="kb-cards">
        ${column.cards.map((card) => html`<${Card} key=${card.id} store=${store} layout=${layout} card=${card} limit=${limit} final=${column.final} />`)}
      </ol>
      ${column.more > 0 && html`<p class="kb-rest">${t("{n} more not shown", { n: column.more })}</p>`}
    </div>
  `;
}

function Empty({ store, column }) {
  if (store.search.value) return html`<div class="kb-scroll"><div class="kb-empty"><p>${t("Nothing here fits the search.")}</p></div></div>`;
  const create = column.initial && store.props.new;
  return html`
    <div class="kb-scroll">
      <div class="kb-empty">
        <p>${column.initial ? t("Nothing waits here. New ones appear by themselves.") : t("Nothing here at the moment.")}</p>
        ${create && html`<p><a href=${create}>${t("Add one")}</a></p>`}
      </div>
    </div>
  `;
}

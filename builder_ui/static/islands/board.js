// The kanban board: one column per state, drawn from BoardJson and kept live. Mounted by mount.js on `<div data-island="board">`.
//
// This file only puts the parts together; each part has one file in ./board/.

import { Component, createRef, html, render } from "../vendor/preact.js";
import { t } from "./lib/i18n.js";
import { AskDialog } from "./board/ask.js";
import { Column } from "./board/column.js";
import { listenToKeys, reach } from "./board/keys.js";
import { keepLive } from "./board/live.js";
import { closeOrphan, MoveMenu } from "./board/menu.js";
import { focusCard } from "./board/moves.js";
import { readPlace, writePlace } from "./board/place.js";
import { listenToSearch, NothingFound } from "./board/search.js";
import { colourOf, initialFolds, writeFolds } from "./board/shape.js";
import { createStore, find } from "./board/state.js";
import { scrollToColumn, Tabs } from "./board/tabs.js";

/** `props`: {board: BoardJson, fields: the table's fields, new: path of the form for a new record | null, search: words | ""}. */
export function mount(element, props) {
  const store = createStore(props);
  render(html`<${Board} store=${store} width=${element.clientWidth} />`, element);
  keepLive(store);
  listenToSearch(store, element);
}

class Board extends Component {
  root = createRef();
  columns = new Map();
  drag = null;
  state = { folded: initialFolds(this.props.store.server.peek(), this.props.width) };

  // Columns tell the drag module of themselves, whichever of the two comes first.
  registry = {
    add: (element, state) => (this.columns.set(element, state), this.drag?.add(element, state)),
    remove: (element) => (this.columns.delete(element), this.drag?.remove(element)),
  };

  componentDidMount() {
    const { store } = this.props;
    const root = this.root.current;
    this.fill();
    window.addEventListener("resize", () => this.fill());
    listenToKeys(store, root, (card, column) => writePlace({ card, column }));
    this.restore();
    if (matchMedia("(pointer: fine)").matches) {
      import("./board/drag.js").then(({ makeDraggable }) => {
        this.drag = makeDraggable(store, root, this.columns);
        root.dataset.drag = "";
      });
    }
  }

  // The board takes the rest of the window below whatever the page puts above it.
  fill() {
    const root = this.root.current;
    root.style.setProperty("--above", `${Math.round(root.getBoundingClientRect().top + window.scrollY)}px`);
  }

  restore() {
    const { store } = this.props;
    const { column, card } = readPlace();
    const place = card && find(store, card);
    const state = place ? place.column.state : column;
    if (state) {
      store.column.value = state;
      scrollToColumn(this.root.current, state);
    }
    if (place && document.activeElement === document.body) {
      store.active = card;
      focusCard(card);
    }
    reach(store, this.root.current);
  }

  getSnapshotBeforeUpdate() {
    return document.activeElement?.closest?.("[data-card]")?.dataset.card ?? null;
  }

  // A card that moves to another column is a new element there: the focus goes with it, or to what now lies in its place.
  componentDidUpdate(_props, _state, focused) {
    const { store } = this.props;
    closeOrphan(store);
    reach(store, this.root.current);
    if (!focused || document.activeElement !== document.body) return;
    if (find(store, focused)) focusCard(focused);
    else if (store.active) focusCard(store.active);
  }

  fold = (state) => {
    const folded = new Set(this.state.folded);
    if (!folded.delete(state)) folded.add(state);
    writeFolds(this.props.store.server.peek(), folded);
    this.setState({ folded });
  };

  render({ store }, { folded }) {
    const columns = store.view.value;
    const limits = store.server.value.limits ?? {};
    const found = (column) => store.search.value !== "" && column.count > 0; // what was searched for is not hidden in a strip
    return html`
      <div class="kb" ref=${this.root}>
        <${Tabs} store=${store} columns=${columns} limits=${limits} />
        <${NothingFound} store=${store} />
        <div class="kb-columns" tabindex="-1">
          ${columns.map(
            (column) => html`<${Column}
              key=${column.state}
              store=${store}
              column=${column}
              colour=${colourOf(columns, column)}
              narrow=${folded.has(column.state) && !found(column)}
              limit=${limits[column.state]}
              registry=${this.registry}
              onNarrow=${this.fold}
            />`,
          )}
        </div>
        <${Connection} store=${store} />
        <${MoveMenu} store=${store} />
        <${AskDialog} store=${store} />
      </div>
    `;
  }
}

// Silent while all is well.
function Connection({ store }) {
  return html`<div class="kb-connection" role="status">${store.broken.value && html`<span>${t("Reconnecting …")}</span>`}</div>`;
}

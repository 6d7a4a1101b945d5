// What a fresh BoardJson changes. Cards and columns that are equal keep their old object, so that components can skip them by identity.
//
// Pure functions over the shapes of the REST API; nothing here knows of pages or signals.

const texts = new WeakMap();

/** {board, changed}: the fresh board made of old objects where equal, and the ids of the cards that are new or different. */
export function merge(before, after) {
  const known = cardsById(before);
  const changed = new Set();
  const columns = after.columns.map((column) => {
    const cards = column.cards.map((card) => {
      const old = known.get(card.id);
      if (old && text(old) === text(card)) return old;
      changed.add(card.id);
      return card;
    });
    return sameColumn(before, { ...column, cards });
  });
  return { board: { ...after, columns }, changed };
}

/** Map of id → {card, column, index} over all columns. */
export function places(columns) {
  const found = new Map();
  for (const column of columns) column.cards.forEach((card, index) => found.set(card.id, { card, column, index }));
  return found;
}

/** The columns with one card lying in another column, on top; counts and sums follow. */
export function moved(columns, card, state, sumField) {
  return columns.map((column) => {
    const here = column.cards.some((other) => other.id === card.id);
    if (column.state === state) {
      const others = column.cards.filter((other) => other.id !== card.id);
      return { ...column, cards: [card, ...others], ...(here ? {} : totals(column, card, sumField, 1)) };
    }
    if (!here) return column;
    return { ...column, cards: column.cards.filter((other) => other.id !== card.id), ...totals(column, card, sumField, -1) };
  });
}

function totals(column, card, sumField, sign) {
  const amount = Number(card.values[sumField] ?? 0);
  const sum = column.sum === null || column.sum === undefined ? column.sum : (Number(column.sum) + sign * amount).toFixed(2);
  return { count: column.count + sign, sum };
}

function cardsById(board) {
  const found = new Map();
  for (const column of board.columns) for (const card of column.cards) found.set(card.id, card);
  return found;
}

function sameColumn(before, column) {
  const old = before.columns.find((other) => other.state === column.state);
  if (!old || old.cards.length !== column.cards.length || old.cards.some((card, index) => card !== column.cards[index])) return column;
  const { cards: _, ...head } = column;
  const { cards: __, ...oldHead } = old;
  return JSON.stringify(head) === JSON.stringify(oldHead) ? old : column;
}

function text(card) {
  let found = texts.get(card);
  if (found === undefined) texts.set(card, (found = JSON.stringify(card)));
  return found;
}
